Feature: The trace tells how each attribute of a profile came about

  Scenario Outline: What <provider> calls <theirs> is the <ours>
    Given "ana" has a <provider> account
    When "ana" signs in with <provider>
    Then the trace of "ana" says that "<theirs>" became "<ours>"

    Examples:
      | provider | theirs     | ours        |
      | Google   | sub        | user_id     |
      | Google   | given_name | given_name  |
      | Facebook | id         | user_id     |
      | Facebook | first_name | given_name  |
      | Facebook | last_name  | family_name |
      | Facebook | picture    | picture     |
      | GitHub   | id         | user_id     |
      | GitHub   | login      | nickname    |
      | LinkedIn | sub        | user_id     |
      | LinkedIn | name       | name        |
      | OpenID   | sub        | user_id     |

  Scenario: What nobody gave is made up, and the trace says of what
    Given "ana" has a Google account with "email" "ana@somewhere.example"
    When "ana" signs in with Google
    Then the trace of "ana" says that "nickname" was "generated"
    And the trace of "ana" says that "email" was "passed through"

  Scenario: What Facebook lets nobody see is not in the trace of what it sent
    Given "ana" has a Facebook account with "email" "ana@somewhere.example"
    When "ana" signs in with Facebook
    Then the trace of "ana" says that "email_verified" was "set"

  Scenario: Somebody with a password has a trace of what was made up
    When an administrator creates "ines" with:
      | email | ines@somewhere.example |
      | name  | Inês                   |
    Then the trace of "ines" says that "nickname" was "generated"
    And the trace of "ines" says that "picture" was "generated"
    And the trace of "ines" tells of 0 logins

  Scenario: The last five logins are remembered
    Given "ana" has a Google account
    When "ana" signs in with Google
    Then the trace of "ana" tells of 1 login
    When "ana" signs in with Google
    And "ana" signs in with Google
    And "ana" signs in with Google
    And "ana" signs in with Google
    And "ana" signs in with Google
    Then the trace of "ana" tells of 5 logins

  Scenario: The trace of an account follows it when it is linked, and when it is a user of its own again
    Given "ana" has a Google account
    And "ana" has a Facebook account
    And "ana" signs in with Google
    And "ana" signs in with Facebook
    When an administrator links the Facebook account of "ana" to the Google account of "ana"
    And "ana" signs in with Facebook
    Then the trace of "ana" tells of 3 logins
    And the trace of "ana" says that "first_name" became "given_name"
    When an administrator unlinks the Facebook account of "ana" from the Google account of "ana"
    Then the trace of "ana" tells of 1 login

  Scenario: Who was deleted leaves no trace behind
    Given "ana" has a Google account
    And "ana" signs in with Google
    And "ana" signs in with Google
    When an administrator deletes "ana"
    And "ana" signs in with Google
    Then the trace of "ana" tells of 1 login
