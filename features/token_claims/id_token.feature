Feature: What every ID token says

  Background:
    Given "ana" has a database account

  Scenario: Who issued it, for whom and about whom
    When "ana" signs in with the database
    Then the ID token of "ana" has "iss" "{issuer}"
    And the ID token of "ana" has "aud" "{client}"
    And the ID token of "ana" has "sub" like "auth0|{anything}"

  Scenario: It is signed with the tenant's key and lives for ten hours
    When "ana" signs in with the database
    Then the header of the ID token of "ana" has "alg" "RS256"
    And the header of the ID token of "ana" has "typ" "JWT"
    And the ID token of "ana" lives for 10 hours

  Scenario: A nonce comes back as it was sent
    Given the app sends "nonce" as "n-0S6_WzA2Mj"
    When "ana" signs in with the database
    Then the ID token of "ana" has "nonce" "n-0S6_WzA2Mj"

  Scenario: Without a nonce there is none
    Given the app does not send "nonce"
    When "ana" signs in with the database
    Then the ID token of "ana" has no "nonce"

  Scenario Outline: The time of the login is told if the app sends <parameter>
    Given the time is "2031-05-04T10:00:00.000Z"
    And the app sends "<parameter>" as "<value>"
    When "ana" signs in with the database
    Then the ID token of "ana" has "auth_time" 1935655200

    Examples:
      | parameter | value |
      | max_age   | 600   |
      | prompt    | login |

  Scenario: The time of the login is not told otherwise
    When "ana" signs in with the database
    Then the ID token of "ana" has no "auth_time"

  Scenario: The time of a login stays what it was when the session is used again
    Given the time is "2031-05-04T10:00:00.000Z"
    And the app sends "max_age" as "86400"
    And "ana" signs in with the database
    When 2 hours pass
    And "ana" comes back to the app
    Then the ID token of "ana" has "auth_time" 1935655200
    And the ID token of "ana" has "iat" 1935662400

  Scenario: The time of the last change is a text, not a number
    When "ana" signs in with the database
    Then the ID token of "ana" has "updated_at" like "{time}"
