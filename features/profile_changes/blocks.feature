@blocks
Feature: Blocks that come of failed logins
  Ten wrong passwords in a row from one address block that user there, and a mail says how to lift the block.

  Scenario: Nine failures block nobody
    Given "ana" has a database account
    When "ana" mistypes the password 9 times
    Then "ana" is blocked nowhere
    And "ana" can sign in with the database

  Scenario: Ten failures block even who knows the password
    Given "ana" has a database account
    And "ana" mistypes the password 10 times
    When "ana" tries to sign in with the database
    Then "ana" reads "Your account has been blocked after multiple consecutive login attempts."
    And "ana" is blocked after failed logins
    And the tenant log has "limit_wc" about "ana"

  Scenario: The mail's link lifts the block
    Given "ana" has a database account
    And "ana" mistypes the password 10 times
    When "ana" opens the unblocking mail
    Then "ana" reads "Your account has been unblocked."
    And "ana" can sign in with the database
    And the tenant log has "ublkdu" about "ana"

  Scenario: The mail's link works once
    Given "ana" has a database account
    And "ana" mistypes the password 10 times
    And "ana" opens the unblocking mail
    And "ana" mistypes the password 10 times
    When "ana" opens the older unblocking mail
    Then "ana" sees the error page, which says "Your account could not be unblocked with this link."
    And "ana" is blocked after failed logins

  Scenario: An administrator lifts the blocks of a user
    Given "ana" has a database account
    And "ana" mistypes the password 10 times
    When an administrator lifts the blocks of "ana"
    Then "ana" is blocked nowhere
    And "ana" can sign in with the database

  Scenario: An administrator lifts the blocks of an address
    Given an administrator creates "ana" with:
      | email    | ana@people.example |
      | password | Passw0rd!ana       |
    And "ana" mistypes the password 10 times
    When an administrator lifts the blocks of "ana@people.example"
    Then "ana" is blocked nowhere

  Scenario: Another password lifts the block
    Given "ana" has a database account
    And "ana" mistypes the password 10 times
    And "ana" asks for another password
    And "ana" opens the password mail
    When "ana" chooses the password "N3w!passphrase"
    Then "ana" is blocked nowhere
    And "ana" can sign in with the database

  Scenario: Lifting an administrator's block does not lift this one
    Given "ana" has a database account
    And an administrator blocks "ana"
    And "ana" mistypes the password 10 times
    When an administrator sets "blocked" of "ana" to false
    Then "ana" is blocked after failed logins
