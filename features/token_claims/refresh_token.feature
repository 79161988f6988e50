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

  Scenario: A refresh token that stays is good again and again
    Given the app's refresh tokens stay the same
    And "ana" signs in with the database
    When the app refreshes the tokens of "ana"
    Then the token answer of "ana" has no "refresh_token"
    When 300 days pass
    And the app refreshes the tokens of "ana"
    Then the ID token of "ana" has "sub" like "auth0|{anything}"

  Scenario: The theft of a refresh token is in the tenant's log
    Given the app is "acme-spa"
    And "ana" signs in with the database
    And the app refreshes the tokens of "ana"
    When the app tries to use the first refresh token of "ana"
    Then the tenant's log has a "ferrt" about "ana"

  Scenario: With a leeway the token before the newest one is good for a while
    Given the app's refresh tokens rotate, with a leeway of 30 seconds
    And "ana" signs in with the database
    And the app refreshes the tokens of "ana"
    When 20 seconds pass
    And the app tries to use the first refresh token of "ana"
    Then the app is given new tokens

  Scenario: When the leeway is over the token before the newest one betrays a thief
    Given the app's refresh tokens rotate, with a leeway of 30 seconds
    And "ana" signs in with the database
    And the app refreshes the tokens of "ana"
    When 30 seconds pass
    And the app tries to use the first refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

  Scenario: The leeway is for one token before the newest, not for two
    Given the app's refresh tokens rotate, with a leeway of 30 seconds
    And "ana" signs in with the database
    And the app refreshes the tokens of "ana"
    And the app refreshes the tokens of "ana"
    When the app tries to use the first refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

  Scenario: Without a leeway two tabs that refresh at once lose what they have
    Given the app's refresh tokens rotate, with a leeway of 0 seconds
    And "ana" signs in with the database
    When two tabs of the app refresh the tokens of "ana" at once
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."
    When the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

  Scenario: With a leeway two tabs may refresh at once
    Given the app's refresh tokens rotate, with a leeway of 10 seconds
    And "ana" signs in with the database
    When two tabs of the app refresh the tokens of "ana" at once
    Then the app is given new tokens
    When the app tries to use the last refresh token of "ana"
    Then the app is given new tokens

  Scenario Outline: Refresh tokens that <manner> end <days> after the login, however much they are used
    Given the app's refresh tokens <manner> and end after 30 days, or after 15 days without use
    And "ana" signs in with the database
    And 14 days pass
    And the app refreshes the tokens of "ana"
    And 14 days pass
    And the app refreshes the tokens of "ana"
    When 2 days pass
    And the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

    Examples:
      | manner        | days    |
      | rotate        | 30 days |
      | stay the same | 30 days |

  Scenario Outline: Refresh tokens that <manner> end when they are not used for 15 days
    Given the app's refresh tokens <manner> and end after 30 days, or after 15 days without use
    And "ana" signs in with the database
    When 15 days pass
    And the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

    Examples:
      | manner        |
      | rotate        |
      | stay the same |

  Scenario: An app that begins to rotate has its old refresh token exchanged for one that rotates
    Given the app's refresh tokens stay the same
    And "ana" signs in with the database
    And the app's refresh tokens rotate, with a leeway of 0 seconds
    When the app refreshes the tokens of "ana"
    Then the app has a new refresh token of "ana"
    When the app tries to use the first refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."
    When the app tries to use the last refresh token of "ana"
    Then the app is given new tokens

  Scenario: An app that rotates no more has its refresh token exchanged for one that stays
    Given the app's refresh tokens rotate, with a leeway of 0 seconds
    And "ana" signs in with the database
    And the app's refresh tokens stay the same
    When the app refreshes the tokens of "ana"
    Then the app has a new refresh token of "ana"
    When the app refreshes the tokens of "ana"
    Then the token answer of "ana" has no "refresh_token"

  Scenario Outline: A refresh for "<asked>" gives "<given>", which is always told
    Given "ana" signs in with the database
    When the app refreshes the tokens of "ana" for the scopes "<asked>"
    Then the token answer of "ana" has "scope" "<given>"

    Examples:
      | asked                         | given                         |
      | openid                        | openid                        |
      | openid profile                | openid profile                |
      | openid email                  | openid                        |
      | openid profile offline_access | openid profile offline_access |

  Scenario: A refresh for less does not make the refresh token worth less
    Given "ana" signs in with the database
    And the app refreshes the tokens of "ana" for the scopes "openid"
    When the app refreshes the tokens of "ana"
    Then the token answer of "ana" has "scope" "openid profile offline_access"

  Scenario: A refresh without "openid" gives no ID token
    Given "ana" signs in with the database
    When the app refreshes the tokens of "ana" for the scopes "profile"
    Then the token answer of "ana" has no "id_token"

  Scenario: A refreshed ID token names the session, but answers no nonce
    Given "ana" signs in with the database
    When the app refreshes the tokens of "ana"
    Then the ID token of "ana" has "sid"
    And the ID token of "ana" has no "nonce"

  Scenario: A refresh token that the app gives up is worth nothing any more
    Given "ana" signs in with the database
    And the app revokes the refresh token of "ana"
    When the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."
    And the tenant's log has an "srrt" about "ana"

  Scenario: Signing out of the browser does not end a refresh token
    Given "ana" signs in with the database
    And "ana" signs out
    When the app refreshes the tokens of "ana"
    Then the app is given new tokens

  Scenario: A refresh token is good for the app that got it alone
    Given "ana" signs in with the database
    When the app is "acme-spa"
    And the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

  Scenario: An API that lets nobody in while they are away gives no refresh token
    Given the app asks for the API "https://payments.api.acme.example/"
    When "ana" signs in with the database
    Then the token answer of "ana" has no "refresh_token"
    And the token answer of "ana" has "scope" "openid profile"

  Scenario: Two kinds of refresh tokens can't be asked for at once
    Given the app asks for the scopes "openid offline_access online_access"
    When "ana" tries to sign in with the database
    Then "ana" is sent back with the error "invalid_request", "Cannot request both online_access and offline_access scopes"
