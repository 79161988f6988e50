Feature: A tenant of its own for every test

  Background:
    Given "ana" has a database account
    And "gina" has a Google account with "email" "gina@somewhere.example"

  Scenario: A fork begins as its tenant is, people at the providers included
    Given a fork "staging"
    When the scenario goes on in the fork "staging"
    Then "ana" can sign in with the database
    When "gina" signs in with Google
    Then "gina" is signed in

  Scenario: What happens in a fork stays there
    Given a fork "staging"
    And the scenario goes on in the fork "staging"
    And "bo" has a database account with "email" "bo@people.example"
    And an administrator blocks "ana"
    When the scenario goes on where it began
    Then 0 users have the e-mail "bo@people.example"
    And "ana" can sign in with the database

  Scenario Outline: What <provider> learns in a fork it knows there alone
    Given a fork "staging"
    And the scenario goes on in the fork "staging"
    And "bo" has a <provider> account with "email" "bo@people.example"
    And the scenario goes on where it began
    And "bo" has a <provider> account with "email" "bo@people.example"
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

  Scenario: What happens after the fork was made does not reach it
    Given a fork "staging"
    And "bo" has a database account with "email" "bo@people.example"
    When the scenario goes on in the fork "staging"
    Then 0 users have the e-mail "bo@people.example"

  Scenario: A reset takes a fork back to what it was forked from
    Given a fork "staging"
    And the scenario goes on in the fork "staging"
    And "bo" has a database account with "email" "bo@people.example"
    When the tenant is reset
    Then 0 users have the e-mail "bo@people.example"
    And "ana" can sign in with the database

  Scenario: A fork of a fork begins as that is
    Given a fork "staging"
    And the scenario goes on in the fork "staging"
    And "bo" has a database account with "email" "bo@people.example"
    And a fork "preview"
    When the scenario goes on in the fork "preview"
    Then 1 user has the e-mail "bo@people.example"
    And "ana" can sign in with the database

  Scenario: Each fork has a clock of its own
    Given a fork "staging"
    And the scenario goes on in the fork "staging"
    And the time is "2131-05-04T10:00:00.000Z"
    When the scenario goes on where it began
    Then the clock runs, and it is before "2131-05-04T10:00:00.000Z"

  Scenario: A fork that is deleted is gone
    Given a fork "staging"
    When the fork "staging" is deleted
    Then the fork "staging" is gone
