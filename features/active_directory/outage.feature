Feature: A directory that can't be reached

  Scenario Outline: Whoever signed in before gets in by what is remembered (the directory <mishap>)
    Given "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    And the directory <mishap>
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is signed in
    And that fault fired
    And "john" is still the same user
    And the profile of "john" has "groups" ["Backend", "Engineering", "Staff", "VPN Users"]

    Examples:
      | mishap             |
      | is down            |
      | resets connections |

  Scenario: What is remembered is good for the same password only
    Given "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    And the directory is down
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "wrong"
    Then "john" sees the error page, which says "The directory can't be reached"
    And the tenant log has "fc"

  Scenario: Names in what is remembered are told apart by their case
    Given "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    And the directory is down
    When "john" signs in with the directory "acme-ad" as "ACME\JDOE" with the password "Passw0rd!jdoe"
    Then "john" sees the error page, which says "The directory can't be reached"

  Scenario: Nobody gets in who was never here, until the directory is back
    Given the directory is down
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" sees the error page, which says "The directory can't be reached"
    When that fault is over
    And "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is signed in

  Scenario: A connection may be told to remember nothing
    Given an administrator sets the option "disable_cache" of the connection "acme-ad" to true
    And "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    And the directory is down
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" sees the error page, which says "The directory can't be reached"

  Scenario: A directory that is slow is waited for
    Given the directory takes 300 milliseconds
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is signed in
