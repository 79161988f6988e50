@facebook
Feature: The profile of somebody who signs in with Facebook

  Scenario: The user's id is made of Facebook's own
    Given "ana" has a Facebook account with "id" "10158011234567890"
    When "ana" signs in with Facebook
    Then the profile of "ana" has "user_id" "facebook|10158011234567890"
    And the profile of "ana" has no "id"
    And the profile of "ana" has "identities.0.user_id" "10158011234567890"
    And the profile of "ana" has "identities.0.provider" "facebook"
    And the profile of "ana" has "identities.0.isSocial" true

  Scenario: Facebook's first name becomes the given name
    Given "ana" has a Facebook account with "first_name" "Ana"
    When "ana" signs in with "facebook"
    Then the profile of "ana" has "given_name" "Ana"
    And the profile of "ana" has no "first_name"

  Scenario: Facebook's last name becomes the family name
    Given "ana" has a Facebook account with "last_name" "Ruiz"
    When "ana" signs in with Facebook
    Then the profile of "ana" has "family_name" "Ruiz"
    And the profile of "ana" has no "last_name"

  Scenario Outline: <attribute> has the same name with us
    Given "ana" has a Facebook account with "<attribute>" "<value>"
    When "ana" signs in with Facebook
    Then the profile of "ana" has "<attribute>" "<value>"

    Examples:
      | attribute   | value                |
      | name        | Ana María Ruiz       |
      | middle_name | María                |
      | email       | ana@somewhere.example   |

  Scenario: An address from Facebook is a verified one
    Given "ana" has a Facebook account with "email" "ana@somewhere.example"
    When "ana" signs in with Facebook
    Then the profile of "ana" has "email_verified" true
    And the profile of "ana" has "nickname" "ana"

  Scenario: The picture is the address inside of what Facebook calls a picture
    Given "ana" has a Facebook account with "picture" {"data":{"url":"https://somewhere.example/ana-50.png","width":50,"height":50,"is_silhouette":false}}
    When "ana" signs in with Facebook
    Then the profile of "ana" has "picture" "https://somewhere.example/ana-50.png"

  Scenario: Somebody who keeps the e-mail address private has none with us
    Given "bo" has a Facebook account that grants only "public_profile"
    When "bo" signs in with Facebook
    Then the profile of "bo" has no "email"
    And the profile of "bo" has "name"

  Scenario: Somebody who takes the e-mail address out of the app's wishes has none with us
    Given "ana" has a Facebook account with "email" "ana@somewhere.example"
    When "ana" signs in with Facebook, declining "email"
    Then the profile of "ana" has no "email"
    And the ID token of "ana" has no "email"

  Scenario: A birthday is kept as Facebook writes it, and stays out of tokens
    Given "ana" has a Facebook account with "birthday" "05/04/1991"
    And the app sends "connection_scope" as "user_birthday"
    When "ana" signs in with Facebook
    Then the profile of "ana" has "birthday" "05/04/1991"
    And the profile of "ana" has no "birthdate"
    And the ID token of "ana" has no "birthday"
    And the ID token of "ana" has no "birthdate"
    And the userinfo of "ana" has no "birthdate"

  Scenario: A birthday that nobody asked Facebook for is not known
    Given "ana" has a Facebook account with "birthday" "05/04/1991"
    When "ana" signs in with Facebook
    Then the profile of "ana" has no "birthday"
