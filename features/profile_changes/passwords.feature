@passwords
Feature: Changing a password

  Scenario: Somebody who forgot the password chooses another one by mail
    Given "ana" has a database account
    And "ana" asks for another password
    When "ana" opens the password mail
    And "ana" chooses the password "N3w!passphrase"
    Then "ana" reads "Your password has been changed successfully."
    And "ana" can sign in with the database
    And the profile of "ana" has "last_password_reset"
    And the tenant log has "scpr" about "ana"
    And the tenant log has "scp" about "ana"

  Scenario: The old password is worth nothing afterwards
    Given an administrator creates "ana" with:
      | email    | ana@people.example |
      | password | Passw0rd!ana       |
    And "ana" asks for another password
    And "ana" opens the password mail
    When "ana" chooses the password "N3w!passphrase"
    And "ana" tries to sign in with the password "Passw0rd!ana"
    Then "ana" reads "Wrong email or password"

  Scenario: Whoever reads the mail has the address
    Given "ana" has a database account
    And "ana" asks for another password
    And "ana" opens the password mail
    When "ana" chooses the password "N3w!passphrase"
    Then the profile of "ana" has "email_verified" true

  Scenario: Who asks is told where to look
    Given "ana" has a database account
    When "ana" asks for another password
    Then "ana" reads "Check Your Email"
    And "ana" got 1 password mail

  Scenario: Who asks is not told whether there is such a user
    Given "ana" has a database account
    When "ana" asks for another password for "nobody@people.example"
    Then "ana" reads "Please check the email address nobody@people.example for instructions"
    And no mail was sent
    And the tenant log has "fcpr"

  Scenario: What is no address is told on the page
    Given "ana" has a database account
    When "ana" asks for another password for "nobody"
    Then "ana" reads "Email is not valid."

  Scenario: A password that is easily guessed is refused rule by rule
    Given "ana" has a database account
    And "ana" asks for another password
    And "ana" opens the password mail
    When "ana" chooses the password "abc"
    Then "ana" reads "Password is too weak"
    And "ana" reads "At least 8 characters in length"
    And the profile of "ana" has no "last_password_reset"

  Scenario: After a refusal the same link still works
    Given "ana" has a database account
    And "ana" asks for another password
    And "ana" opens the password mail
    And "ana" chooses the password "abc"
    When "ana" chooses the password "N3w!passphrase"
    Then "ana" reads "Password Changed!"

  Scenario: Two passwords that are not the same are refused
    Given "ana" has a database account
    And "ana" asks for another password
    And "ana" opens the password mail
    When "ana" chooses the password "N3w!passphrase" and then "N3w!passphrases"
    Then "ana" reads "Passwords don't match"

  Scenario: The link works once
    Given "ana" has a database account
    And "ana" asks for another password
    And "ana" opens the password mail
    And "ana" chooses the password "N3w!passphrase"
    When "ana" opens the password mail again
    Then "ana" sees the error page, which says "This link has already been used."

  Scenario: Of several mails only the newest one is good
    Given "ana" has a database account
    And "ana" asks for another password
    And "ana" asks for another password
    When "ana" opens the older password mail
    Then "ana" sees the error page, which says "Invalid Link"

  Scenario: The link works for five days
    Given "ana" has a database account
    And "ana" asks for another password
    When 5 days pass
    And "ana" opens the password mail
    Then "ana" sees the error page, which says "Link Expired"

  Scenario: Who was signed in with the old password must sign in again
    Given "ana" has a database account
    And "ana" signs in with the database
    And the app asks for a password mail to "ana"
    And "ana" opens the password mail
    When "ana" chooses the password "N3w!passphrase"
    And "ana" comes back to the app
    Then "ana" is asked to sign in

  Scenario: Refresh tokens outlive the old password
    Given "ana" has a database account
    And the app asks for the scopes "openid offline_access"
    And "ana" signs in with the database
    When an administrator changes "ana":
      | password | N3w!passphrase |
    And the app refreshes the tokens of "ana"
    Then the ID token of "ana" has "sub"

  Scenario: The app asks for the mail without any page, and hears the same about anybody
    When the app asks for a password mail to "nobody@people.example"
    Then no mail was sent

  Scenario: A mail's button leads to the tenant's page
    Given "ana" has a database account
    When "ana" asks for another password
    Then the password mail to "ana" says "{issuer}u/reset-password?ticket="

  Scenario: An administrator sets a password
    Given "ana" has a database account
    When an administrator changes "ana":
      | password | N3w!passphrase |
    Then "ana" can sign in with the database
    And the profile of "ana" has "last_password_reset"
    And the tenant log has "scp" about "ana"

  Scenario: A password that an administrator sets lets a blocked user in
    Given "ana" has a database account
    And an administrator blocks "ana"
    When an administrator changes "ana":
      | password | N3w!passphrase |
    Then the profile of "ana" has "blocked" false
    And "ana" can sign in with the database

  Scenario: A weak password is refused to administrators, too
    Given "ana" has a database account
    When an administrator tries to set "password" of "ana" to "abc"
    Then the administrator is told "PasswordStrengthError: Password is too weak"

  Scenario: An administrator's ticket leads to the app, and verifies the address if it was to
    Given "ana" has a database account
    And an administrator makes a password ticket for "ana" with:
      | result_url             | http://localhost:8484/callback/changed |
      | mark_email_as_verified | true                                   |
    And "ana" opens the ticket
    When "ana" chooses the password "N3w!passphrase"
    Then the app's page is told "success" "true"
    And the app's page is told "message" "You can now login to the application with the new password."
    And the profile of "ana" has "email_verified" true

  Scenario: An administrator's ticket does not verify the address by itself
    Given an administrator creates "ana" with:
      | email | ana@people.example |
    And an administrator makes a password ticket for "ana"
    And "ana" opens the ticket
    When "ana" chooses the password "N3w!passphrase"
    Then the profile of "ana" has "email_verified" false
