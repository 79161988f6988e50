@database
Feature: Signing in with a password

  Scenario: Somebody signs in
    Given "ana" has a database account
    When "ana" signs in with the database
    Then the ID token of "ana" has "email" "{database email}"

  Scenario: The e-mail address may be typed in capitals
    Given an administrator creates "ana" with:
      | email    | ANA@Somewhere.example |
      | password | Passw0rd!ana       |
    When "ana" signs in with the database
    Then the ID token of "ana" has "email" "ana@somewhere.example"

  Scenario: A wrong password is told on the page, and the app hears nothing
    Given "ana" has a database account
    When "ana" tries to sign in with the password "a guess"
    Then "ana" reads "Wrong email or password"
    And the profile of "ana" has no "logins_count"

  Scenario: Somebody unknown reads the same as with a wrong password
    Given "ana" has a database account
    And an administrator deletes "ana"
    When "ana" tries to sign in with the database
    Then "ana" reads "Wrong email or password"

  Scenario: A blocked user is sent back to the app
    Given "ana" has a database account
    And an administrator blocks "ana"
    When "ana" tries to sign in with the database
    Then "ana" is sent back with the error "unauthorized", "user is blocked"

  Scenario: Somebody signs up and can sign in from then on
    Given "ana" signs up with the e-mail "ana@somewhere.example" and the password "Passw0rd!ana"
    When "ana" signs in with the database
    Then "ana" is still the same user
    And the profile of "ana" has "logins_count" 2

  Scenario: Nobody signs up with a password that is easily guessed
    When "ana" signs up with the e-mail "ana@somewhere.example" and the password "abc"
    Then "ana" reads "Password is too weak"
    And 0 users have the e-mail "ana@somewhere.example"

  Scenario: Nobody signs up twice
    Given "ana" has a database account with "email" "ana@somewhere.example"
    When "ana" signs up with the e-mail "ana@somewhere.example" and the password "Passw0rd!ana"
    Then 1 user has the e-mail "ana@somewhere.example"
