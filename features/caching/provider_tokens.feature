Feature: A provider's tokens are kept in the identity, for those who may see them

  Scenario Outline: A script <how> sees tokens only with the scope for it
    Given "ana" has a Google account
    And "ana" signs in with Google
    When a script with the scope "read:users" <how> "ana"
    Then the script sees "identities.0.provider" "google-oauth2"
    And the script sees no "identities.0.access_token"
    And the script sees no "identities.0.expires_in"
    When a script with the scopes "read:users read:user_idp_tokens" <how> "ana"
    Then the script sees "identities.0.access_token"
    And the script sees "identities.0.expires_in" 3599

    Examples:
      | how                              |
      | reads                            |
      | lists the users and looks at     |

  Scenario: A refresh token that Google gives only once outlives the next login
    Given "ana" has a Google account
    And the app sends "access_type" as "offline"
    And "ana" signs in with Google
    Then the profile of "ana" has "identities.0.refresh_token" like "1//{anything}"
    When "ana" signs in with Google
    Then the profile of "ana" has "identities.0.refresh_token" like "1//{anything}"
    And the profile of "ana" has "identities.0.access_token" like "ya29.{anything}"

  Scenario: No refresh token where the app didn't ask for one
    Given "ana" has a Google account
    When "ana" signs in with Google
    Then the profile of "ana" has no "identities.0.refresh_token"

  Scenario Outline: <provider> gives tokens of its own kind
    Given "ana" has a <provider> account
    When "ana" signs in with <provider>
    Then the profile of "ana" has "identities.0.access_token" like "<token>{anything}"

    Examples:
      | provider | token |
      | Google   | ya29. |
      | Facebook | EAA   |
      | GitHub   | gho_  |

  Scenario: Somebody with a password has no tokens of a provider
    Given "ana" has a database account
    When "ana" signs in with the database
    Then the profile of "ana" has no "identities.0.access_token"
