@google
Feature: The profile of somebody who signs in with Google

  Scenario: The user's id is made of Google's own
    Given "ana" has a Google account with "sub" "103547991597142817347"
    When "ana" signs in with Google
    Then the profile of "ana" has "user_id" "google-oauth2|103547991597142817347"
    And the profile of "ana" has no "sub"
    And the profile of "ana" has "identities.0.user_id" "103547991597142817347"
    And the profile of "ana" has "identities.0.provider" "google-oauth2"
    And the profile of "ana" has "identities.0.connection" "google-oauth2"
    And the profile of "ana" has "identities.0.isSocial" true

  Scenario Outline: <attribute> is taken over as Google words it
    Given "ana" has a Google account with "<attribute>" <value>
    When "ana" signs in with Google
    Then the profile of "ana" has "<attribute>" <value>

    Examples:
      | attribute   | value                                  |
      | name        | "Ana Ruiz"                             |
      | given_name  | "Ana"                                  |
      | family_name | "Ruiz"                                 |
      | email       | "ana.ruiz@somewhere.example"              |
      | picture     | "https://somewhere.example/ana.png"       |
      | hd          | "somewhere.example"                       |

  Scenario Outline: An address that Google calls verified is verified, and no other
    Given "ana" has a Google account with "email_verified" <google>
    When "ana" signs in with Google
    Then the profile of "ana" has "email_verified" <profile>

    Examples:
      | google | profile |
      | true   | true    |
      | false  | false   |
      | null   | false   |

  Scenario: The nickname is the first half of the e-mail address
    Given "ana" has a Google account with "email" "ana.ruiz@somewhere.example"
    When "ana" signs in with Google
    Then the profile of "ana" has "nickname" "ana.ruiz"

  Scenario: Somebody without a picture at Google gets the usual one
    Given "ana" has a Google account with:
      | email   | ana@somewhere.example |
      | name    | Ana                |
      | picture | null               |
    When "ana" signs in with Google
    Then the profile of "ana" has "picture" "https://s.gravatar.com/avatar/156ff754f98c0a892473b3f4e4f5207c?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fan.png"

  Scenario: Google's token is kept with the identity
    Given "ana" has a Google account
    When "ana" signs in with Google
    Then the profile of "ana" has "identities.0.access_token" like "ya29.{anything}"
    And the profile of "ana" has "identities.0.expires_in" 3599
    And the profile of "ana" has no "access_token"

  Scenario: Google and the password are two users, even with one address
    Given "ana" has a Google account with "email" "ana@somewhere.example"
    And "ana" has a database account with "email" "ana@somewhere.example"
    When "ana" signs in with Google
    Then 2 users have the e-mail "ana@somewhere.example"
