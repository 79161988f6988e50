Feature: Finding and deleting users with several accounts

  Background:
    Given "ana" has a database account with "email" "ana@people.example"
    And "ana" has a Facebook account with "email" "ana.private@people.example"
    And "ana" signs in with Facebook
    And an administrator links the Facebook account of "ana" to the database account of "ana"

  Scenario Outline: A search by <what> finds the one user
    Then the search "<query>" finds the user of the database account of "ana"

    Examples:
      | what                               | query                                                    |
      | the connection of any account      | identities.connection:facebook                           |
      | the id of any account              | identities.user_id:{Facebook id}                         |
      | the e-mail of a secondary account  | identities.profileData.email:ana.private@people.example  |
      | the primary's own e-mail           | email:ana@people.example                                 |

  Scenario: The secondary's e-mail is not the user's
    Then the search "email:ana.private@people.example" for "ana" finds nobody
    And the e-mail of the Facebook account of "ana" finds 0 users
    And the e-mail of the database account of "ana" finds 1 user

  Scenario: Deleting the one user deletes all accounts
    When an administrator deletes the user of the database account of "ana"
    Then the database account of "ana" is no user of its own
    And the Facebook account of "ana" is no user of its own
    When "ana" tries to sign in with the database
    Then "ana" reads "Wrong email or password"

  Scenario: Who signs in with a once secondary account of a deleted user is new
    Given an administrator deletes the user of the database account of "ana"
    When "ana" signs in with Facebook
    Then "ana" is signed in as the user of the Facebook account of "ana"
    And the profile of "ana" has "logins_count" 1
    And the profile of "ana" has no "user_metadata"
