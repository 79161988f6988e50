@verification
Feature: Verifying an e-mail address by mail

  Scenario: Whoever signs up gets a mail, and its link verifies the address
    Given "ana" signs up with the e-mail "ana@people.example" and the password "Passw0rd!ana"
    When "ana" opens the verification mail
    Then "ana" reads "Your email address was successfully verified."
    And the profile of "ana" has "email_verified" true
    And the tenant log has "sv" about "ana"

  Scenario: The link is on the tenant's own pages
    When "ana" signs up with the e-mail "ana@people.example" and the password "Passw0rd!ana"
    Then the verification mail to "ana" says "{issuer}u/email-verification?ticket="

  Scenario: The link works once
    Given "ana" signs up with the e-mail "ana@people.example" and the password "Passw0rd!ana"
    And "ana" opens the verification mail
    When "ana" opens the verification mail again
    Then "ana" sees the error page, which says "Your email address could not be verified."
    And the profile of "ana" has "email_verified" true
    And the tenant log has "fv" about "ana"

  Scenario: The link works for five days
    Given "ana" signs up with the e-mail "ana@people.example" and the password "Passw0rd!ana"
    When 5 days pass
    And "ana" opens the verification mail
    Then "ana" sees the error page, which says "Your email address could not be verified."
    And the profile of "ana" has "email_verified" false

  Scenario: The link is worth nothing once the address is another one
    Given "ana" signs up with the e-mail "ana@people.example" and the password "Passw0rd!ana"
    And an administrator sets "email" of "ana" to "eva@people.example"
    When "ana" opens the verification mail
    Then "ana" sees the error page, which says "User account does not exist or the verification code is invalid."
    And the profile of "ana" has "email_verified" false

  Scenario: Verifying an address ends no session
    Given "ana" signs up with the e-mail "ana@people.example" and the password "Passw0rd!ana"
    And "ana" opens the verification mail
    When "ana" comes back to the app
    Then "ana" is signed in
    And the ID token of "ana" has "email_verified" true

  Scenario Outline: Who is created by an administrator gets a mail or not: email_verified <verified>, verify_email <asked>
    When an administrator creates "ana" with:
      | email          | ana@people.example |
      | email_verified | <verified>         |
      | verify_email   | <asked>            |
    Then "ana" got <mails> verification mail

    Examples:
      | verified | asked | mails |
      | false    | true  | 1     |
      | false    | false | 0     |
      | true     | false | 0     |

  Scenario Outline: Without a word about mails, only who is not verified gets one: <verified>
    When an administrator creates "ana" with:
      | email          | ana@people.example |
      | email_verified | <verified>         |
    Then "ana" got <mails> verification mail

    Examples:
      | verified | mails |
      | false    | 1     |
      | true     | 0     |

  Scenario: An administrator has the mail sent again
    Given an administrator creates "ana" with:
      | email | ana@people.example |
    When an administrator has a verification mail sent to "ana"
    Then the job is "completed"
    And "ana" got 2 verification mails
    And the tenant log has "svr" about "ana"
    And the tenant log has "sapi" about "ana"

  Scenario: Nobody from Google is sent such a mail
    Given "ana" has a Google account
    And "ana" signs in with Google
    When an administrator tries to have a verification mail sent to "ana"
    Then the administrator is told "Connection must be a database connection."

  Scenario: An administrator hands the link on by other means, and it leads to the app
    Given an administrator creates "ana" with:
      | email        | ana@people.example |
      | verify_email | false              |
    And an administrator makes a verification ticket for "ana" with:
      | result_url             | http://localhost:8484/callback/verified |
      | includeEmailInRedirect | true                                    |
    When "ana" opens the ticket
    Then the app's page is told "success" "true"
    And the app's page is told "code" "success"
    And the app's page is told "message" "Your email was verified. You can continue using the application."
    And the app's page is told "supportSignUp" "true"
    And the profile of "ana" has "email_verified" true
    And no mail was sent

  Scenario: A link for an address that is verified already does no harm
    Given "ana" has a database account
    And an administrator makes a verification ticket for "ana"
    When "ana" opens the ticket
    Then "ana" reads "This account is already verified."

  Scenario: The app is told that a link was used before, and no address unless it was to be told
    Given "ana" has a database account
    And an administrator makes a verification ticket for "ana" with:
      | result_url | http://localhost:8484/callback/verified |
    And "ana" opens the ticket
    When "ana" opens the ticket again
    Then the app's page is told "success" "false"
    And the app's page is told "message" "This URL can be used only once"
    And the app's page is not told "email"

  Scenario: A ticket lives as long as it was said
    Given "ana" has a database account
    And an administrator makes a verification ticket for "ana" with:
      | ttl_sec    | 60                                      |
      | result_url | http://localhost:8484/callback/verified |
    When 1 minute passes
    And "ana" opens the ticket
    Then the app's page is told "code" "access_expired"

  Scenario: Nobody from Google gets a ticket
    Given "ana" has a Google account
    And "ana" signs in with Google
    When an administrator tries to make a verification ticket for "ana"
    Then the administrator is told "The user's main connection does not support this operation."
