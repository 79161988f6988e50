@email
Feature: Changing an e-mail address, a user name or a name

  Scenario: A new address is not verified
    Given an administrator creates "ana" with:
      | email          | ana@people.example |
      | email_verified | true               |
    When an administrator sets "email" of "ana" to "Eva@people.example"
    Then the profile of "ana" has "email" "eva@people.example"
    And the profile of "ana" has "email_verified" false
    And the tenant log has "sce" about "ana"
    And no mail was sent

  Scenario: The call may say that the new address is verified
    Given "ana" has a database account
    When an administrator changes "ana":
      | email          | eva@people.example |
      | email_verified | true               |
    Then the profile of "ana" has "email_verified" true

  Scenario: The same address again changes nothing
    Given an administrator creates "ana" with:
      | email          | ana@people.example |
      | email_verified | true               |
    When an administrator sets "email" of "ana" to "ANA@people.example"
    Then the profile of "ana" has "email_verified" true

  Scenario: The call may have the new address verified by mail
    Given "ana" has a database account
    When an administrator changes "ana":
      | email        | eva@people.example |
      | verify_email | true               |
    Then "eva@people.example" was sent 1 verification mail
    And the tenant log has "svr" about "ana"

  Scenario: Nickname and picture stay as they were made from the old address
    Given an administrator creates "ana" with:
      | email | ana@people.example |
    When an administrator sets "email" of "ana" to "eva@people.example"
    Then the profile of "ana" has "nickname" "ana"

  Scenario: Somebody signs in with the new address and not with the old one
    Given an administrator creates "ana" with:
      | email    | ana@people.example |
      | password | Passw0rd!ana       |
    When an administrator sets "email" of "ana" to "eva@people.example"
    And "ana" tries to sign in with the database
    Then "ana" reads "Wrong email or password"

  Scenario: An address belongs to one user of a database
    Given an administrator creates "bo" with:
      | email | bo@people.example |
    And "ana" has a database account
    When an administrator tries to set "email" of "ana" to "BO@people.example"
    Then the administrator is told "The user already exists."
    And the tenant log has "fce" about "ana"

  Scenario: Another address means signing in again
    Given "ana" has a database account
    And "ana" signs in with the database
    When an administrator sets "email" of "ana" to "eva@people.example"
    And "ana" comes back to the app
    Then "ana" is asked to sign in

  Scenario: Another name does not mean signing in again
    Given "ana" has a database account
    And "ana" signs in with the database
    When an administrator sets "name" of "ana" to "Ana Ruiz"
    And "ana" comes back to the app
    Then "ana" is signed in
    And the ID token of "ana" has "name" "Ana Ruiz"

  Scenario Outline: Some changes exclude each other: <one> and <other>
    Given "ana" has a database account
    When an administrator tries to change "ana":
      | <one>   | <value>  |
      | <other> | <second> |
    Then the administrator is told "Cannot update <one> and <other> simultaneously."

    Examples:
      | one      | value        | other          | second             |
      | password | N3w!password | email          | eva@people.example |
      | password | N3w!password | email_verified | true               |
      | username | eva          | email          | eva@people.example |
      | username | eva          | email_verified | true               |
      | username | eva          | password       | N3w!password       |

  Scenario Outline: What Google keeps is changed at Google: <attribute>
    Given "ana" has a Google account
    And "ana" signs in with Google
    When an administrator tries to set "<attribute>" of "ana" to "<value>"
    Then the administrator is told "<message>"

    Examples:
      | attribute | value              | message                                                                                                                                                                                                                                                                 |
      | email     | eva@people.example | Cannot update email for non-database user.                                                                                                                                                                                                                              |
      | nickname  | eva                | The following user attributes cannot be updated: nickname. The connection (google-oauth2) must either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync user profile attributes at each login'. |

  Scenario: Google's word about an address can be overruled until the next login
    Given "ana" has a Google account
    And "ana" signs in with Google
    When an administrator sets "email_verified" of "ana" to false
    Then the profile of "ana" has "email_verified" false

  Scenario: A name that nobody knows can't be set
    Given "ana" has a database account
    When an administrator tries to set "shoe_size" of "ana" to 42
    Then the administrator is told "Payload validation error: 'Additional properties not allowed: shoe_size'."
