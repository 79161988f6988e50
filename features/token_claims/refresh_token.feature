Feature: Staying signed in with a refresh token

  Background:
    Given "ana" has a database account
    And the app asks for the scopes "openid profile offline_access"

  Scenario: Without "offline_access" there is no refresh token
    Given the app asks for the scopes "openid profile"
    When "ana" signs in with the database
    Then the token answer of "ana" has no "refresh_token"

  Scenario: A refresh token gives a new ID token about the same user
    Given the time is "2031-05-04T10:00:00.000Z"
    And "ana" signs in with the database
    When 5 days pass
    And the app refreshes the tokens of "ana"
    Then "ana" is still the same user
    And the ID token of "ana" has "iat" 1936087200

  Scenario: A refreshed ID token shows what an administrator changed meanwhile
    Given "ana" signs in with the database
    When an administrator sets "nickname" of "ana" to "nan"
    And the app refreshes the tokens of "ana"
    Then the ID token of "ana" has "nickname" "nan"

  Scenario: An app in a browser gets another refresh token each time
    Given the app is "acme-spa"
    And "ana" signs in with the database
    When the app refreshes the tokens of "ana"
    Then the app has a new refresh token of "ana"

  Scenario: A refresh token that was used twice is worth nothing any more, nor are those that came after it
    Given the app is "acme-spa"
    And "ana" signs in with the database
    And the app refreshes the tokens of "ana"
    When the app tries to use the first refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."
    When the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

  Scenario: Nobody stays signed in who was deleted
    Given "ana" signs in with the database
    When an administrator deletes "ana"
    And the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "The refresh_token was generated for a user who doesn't exist anymore."

  Scenario: Nobody gets new tokens who was blocked
    Given "ana" signs in with the database
    When an administrator blocks "ana"
    And the app tries to use the last refresh token of "ana"
    Then the app is refused with "unauthorized", "user is blocked"
