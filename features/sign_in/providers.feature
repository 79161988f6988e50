Feature: Signing in with Google and Facebook

  Scenario Outline: Somebody signs in with <provider>
    Given "ana" has a <provider> account with "email" "ana@somewhere.example"
    When "ana" signs in with <provider>
    Then the ID token of "ana" has "email" "ana@somewhere.example"
    And 1 user has the e-mail "ana@somewhere.example"

    Examples:
      | provider |
      | Google   |
      | Facebook |

  Scenario Outline: Somebody turns back at <provider>, and the app is told
    Given "ana" has a <provider> account with "email" "ana@somewhere.example"
    When "ana" turns back at <provider>
    Then "ana" is sent back with the error "access_denied"
    And 0 users have the e-mail "ana@somewhere.example"

    Examples:
      | provider |
      | Google   |
      | Facebook |

  Scenario Outline: The app may skip our own page and go to <provider> at once
    Given "ana" has a <provider> account
    And the app sends "connection" as "<connection>"
    When "ana" signs in with <provider>
    Then "ana" is signed in

    Examples:
      | provider | connection    |
      | Google   | google-oauth2 |
      | Facebook | facebook      |

  Scenario: Somebody who is blocked here can't come in by way of Google
    Given "ana" has a Google account
    And "ana" signs in with Google
    And an administrator blocks "ana"
    When "ana" tries to sign in with Google
    Then "ana" is sent back with the error "unauthorized", "user is blocked"
