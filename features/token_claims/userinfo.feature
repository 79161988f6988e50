Feature: What userinfo says

  Userinfo gives the claims that the access token's scopes open, of the profile as it is kept at that moment.

  Background:
    Given "ana" has a database account

  Scenario: It says the same as the ID token about the person
    Given the app asks for the scopes "openid email"
    When "ana" signs in with the database
    Then the userinfo of "ana" has only "sub, email, email_verified"

  Scenario: A change by an administrator is seen at once
    Given "ana" signs in with the database
    When an administrator sets "nickname" of "ana" to "nan"
    Then the userinfo of "ana" has "nickname" "nan"

  Scenario: What changes at the provider is not seen before the next login
    Given "bo" has a Google account with "name" "Bo Lind"
    And "bo" signs in with Google
    When "bo" changes "name" to "Bo Berg" at Google
    Then the userinfo of "bo" has "name" "Bo Lind"
    When "bo" signs in with Google
    Then the userinfo of "bo" has "name" "Bo Berg"

  Scenario Outline: Neither metadata nor the tenant's own affairs are told: "<attribute>"
    Given the app asks for the scopes "openid profile email phone address"
    When "ana" signs in with the database
    Then the userinfo of "ana" has no "<attribute>"

    Examples:
      | attribute     |
      | identities    |
      | user_metadata |
      | app_metadata  |
      | last_ip       |
      | logins_count  |
      | created_at    |

  Scenario: Without "openid" a token for an API is not for userinfo
    Given the app asks for the API "https://api.acme.example/"
    And the app asks for the scopes "profile read:orders"
    When "ana" signs in with the database
    Then userinfo refuses the access token of "ana"

  Scenario: A refreshed token that is for fewer scopes opens less
    Given the app asks for the scopes "openid profile email offline_access"
    And "ana" signs in with the database
    When the app refreshes the tokens of "ana" for the scopes "openid email"
    Then the userinfo of "ana" has only "sub, email, email_verified"

  Scenario: Who was deleted is nobody there
    Given "ana" signs in with the database
    When an administrator deletes "ana"
    Then userinfo refuses the access token of "ana"
