Feature: Going back to what the tenant was

  Scenario: A snapshot brings back who was there, and forgets who came since
    Given "ana" has a database account
    And a snapshot "before bo"
    And "bo" has a database account with "email" "bo@people.example"
    When the snapshot "before bo" is restored
    Then 0 users have the e-mail "bo@people.example"
    And "ana" can sign in with the database

  Scenario Outline: What <provider> knows goes back, too
    Given a snapshot "before bo"
    And "bo" has a <provider> account with "email" "bo@people.example"
    And the snapshot "before bo" is restored
    Given "bo" has a <provider> account with "email" "bo@people.example"
    When "bo" signs in with <provider>
    Then "bo" is signed in

    Examples:
      | provider  |
      | Google    |
      | Facebook  |
      | GitHub    |
      | LinkedIn  |
      | Microsoft |
      | OpenID    |
      | Apple     |

  Scenario: Who was signed in is signed in again
    Given "ana" has a database account
    And "ana" signs in with the database
    And a snapshot "signed in"
    And the tenant is reset
    When the snapshot "signed in" is restored
    And "ana" comes back to the app
    Then "ana" is signed in

  Scenario: Who signed in since is no more
    Given "ana" has a database account
    And a snapshot "nobody signed in"
    And "ana" signs in with the database
    When the snapshot "nobody signed in" is restored
    And the app checks silently for "ana"
    Then "ana" is sent back with the error "login_required", "Login required"

  Scenario: A clock that stood still stands still there again
    Given the time is "2031-05-04T10:00:00.000Z"
    And a snapshot "in the morning"
    When 8 hours pass
    And the clock runs on
    And the snapshot "in the morning" is restored
    Then the clock stands still at "2031-05-04T10:00:00.000Z"

  Scenario: A clock that ran runs again
    Given a snapshot "now"
    When the time is "2131-05-04T10:00:00.000Z"
    And the snapshot "now" is restored
    Then the clock runs, and it is before "2131-05-04T10:00:00.000Z"

  Scenario: A snapshot can be restored again and again, and restoring keeps the others
    Given "ana" has a database account
    And a snapshot "one"
    And an administrator sets "given_name" of "ana" to "Anna"
    And a snapshot "two"
    When the snapshot "one" is restored
    Then the profile of "ana" has no "given_name"
    When the snapshot "two" is restored
    Then the profile of "ana" has "given_name" "Anna"
    When the snapshot "one" is restored
    Then the profile of "ana" has no "given_name"
    And the tenant's snapshots are "one, two"

  Scenario: A reset forgets what happened, not the snapshots
    Given "ana" has a database account
    And a snapshot "with ana"
    When the tenant is reset
    And "ana" tries to sign in with the database
    Then "ana" reads "Wrong email or password"
    When the snapshot "with ana" is restored
    Then "ana" can sign in with the database

  Scenario: A snapshot that is deleted is gone
    Given a snapshot "one"
    And a snapshot "two"
    When the snapshot "one" is deleted
    Then the tenant's snapshots are "two"
