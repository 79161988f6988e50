Feature: What a provider says is copied at each login, and not in between

  Scenario Outline: A change at <provider> arrives with the next login
    Given "ana" has a <provider> account with "<theirs>" "before"
    And "ana" signs in with <provider>
    When "ana" changes "<theirs>" to "after" at <provider>
    Then the profile of "ana" has "<ours>" "before"
    When "ana" signs in with <provider>
    Then the profile of "ana" has "<ours>" "after"
    And the ID token of "ana" has "<ours>" "after"
    And "ana" is still the same user

    Examples:
      | provider | theirs      | ours        |
      | Google   | name        | name        |
      | Google   | given_name  | given_name  |
      | Google   | family_name | family_name |
      | Facebook | name        | name        |
      | Facebook | first_name  | given_name  |
      | Facebook | last_name   | family_name |
      | GitHub   | login       | nickname    |
      | GitHub   | name        | name        |
      | LinkedIn | family_name | family_name |
      | OpenID   | name        | name        |
      | Microsoft | givenName  | given_name  |

  Scenario: Somebody who is still signed in keeps the old profile
    Given "ana" has a Google account with "family_name" "Ruiz"
    And "ana" signs in with Google
    When "ana" changes "family_name" to "Ferrer" at Google
    And "ana" comes back to the app
    Then the ID token of "ana" has "family_name" "Ruiz"
    And the profile of "ana" has "family_name" "Ruiz"

  Scenario: A silent check does not ask the provider
    Given "ana" has a Facebook account with "last_name" "Ruiz"
    And "ana" signs in with Facebook
    When "ana" changes "last_name" to "Ferrer" at Facebook
    And the app checks silently for "ana"
    Then the ID token of "ana" has "family_name" "Ruiz"

  Scenario: Refreshing tokens does not ask the provider
    Given the app asks for the scopes "openid profile email offline_access"
    And "ana" has a Google account with "family_name" "Ruiz"
    And "ana" signs in with Google
    When "ana" changes "family_name" to "Ferrer" at Google
    And the app refreshes the tokens of "ana"
    Then the ID token of "ana" has "family_name" "Ruiz"

  Scenario: The userinfo endpoint does not ask the provider
    Given "ana" has a Google account with "family_name" "Ruiz"
    And "ana" signs in with Google
    When "ana" changes "family_name" to "Ferrer" at Google
    Then the userinfo of "ana" has "family_name" "Ruiz"

  Scenario: What is gone at the provider is gone at the next login
    Given "ana" has a Google account with "hd" "somewhere.example"
    When "ana" signs in with Google
    Then the profile of "ana" has "hd" "somewhere.example"
    When "ana" removes "hd" at Google
    And "ana" signs in with Google
    Then the profile of "ana" has no "hd"

  Scenario: A name that is gone at the provider is kept
    Given "ana" has a Google account with "family_name" "Ruiz"
    When "ana" signs in with Google
    And "ana" removes "family_name" at Google
    And "ana" signs in with Google
    Then the profile of "ana" has "family_name" "Ruiz"

  Scenario: A new address at the provider is the user's from the next login on
    Given "ana" has a Google account with "email" "ana@somewhere.example"
    And "ana" signs in with Google
    When "ana" changes "email" to "ana.ruiz@somewhere.example" at Google
    And "ana" signs in with Google
    Then the profile of "ana" has "email" "ana.ruiz@somewhere.example"
    And 0 users have the e-mail "ana@somewhere.example"
