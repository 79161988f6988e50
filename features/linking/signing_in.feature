Feature: Signing in with any of several accounts

  Whichever account somebody signs in with, apps see one user: the primary.

  Background:
    Given "ana" has a database account with:
      | email | ana@people.example |
      | name  | Ana Ruiz           |
    And "ana" has a Google account with:
      | email       | ana.private@people.example |
      | given_name  | Anita                      |
      | family_name | Ruiz                       |

  Scenario: The app sees the primary, whichever account was used
    Given "ana" signs in with Google
    And an administrator links the Google account of "ana" to the database account of "ana"
    When "ana" signs in with Google
    Then "ana" is signed in as the user of the database account of "ana"
    And the ID token of "ana" has "email" "ana@people.example"
    And the ID token of "ana" has "name" "Ana Ruiz"
    And the ID token of "ana" has no "given_name"
    And the userinfo of "ana" has "email" "ana@people.example"
    When "ana" signs in with the database
    Then "ana" is still the same user

  Scenario: Every login counts for the one user
    Given "ana" signs in with Google
    And an administrator links the Google account of "ana" to the database account of "ana"
    When "ana" signs in with Google
    And "ana" signs in with the database
    And "ana" signs in with Google
    Then the profile of "ana" has "logins_count" 3
    And "updated_at" and "last_login" in the profile of "ana" are the same

  Scenario: What changes at the provider is seen in the secondary account alone
    Given "ana" signs in with Google
    And an administrator links the Google account of "ana" to the database account of "ana"
    And "ana" changes "given_name" to "Anna" at Google
    When "ana" signs in with Google
    Then the profile of "ana" has "identities.1.profileData.given_name" "Anna"
    And the profile of "ana" has no "given_name"
    And the profile of "ana" has "name" "Ana Ruiz"
    And the profile of "ana" has no "identities.0.profileData"

  Scenario: Before the next login the secondary account is as it was
    Given "ana" signs in with Google
    And an administrator links the Google account of "ana" to the database account of "ana"
    And "ana" changes "given_name" to "Anna" at Google
    When "ana" signs in with the database
    Then the profile of "ana" has "identities.1.profileData.given_name" "Anita"

  Scenario: What changes at the primary's provider is seen at once
    Given "ana" signs in with Google
    And an administrator links the database account of "ana" to the Google account of "ana"
    And "ana" changes "given_name" to "Anna" at Google
    When "ana" signs in with Google
    Then the profile of "ana" has "given_name" "Anna"

  Scenario: Both passwords of two database accounts go on working
    Given "ana at work" has a database account
    When an administrator links the database account of "ana at work" to the database account of "ana"
    And "ana at work" signs in with the database
    Then "ana at work" is signed in as the user of the database account of "ana"
    When "ana" signs in with the database
    Then "ana" is signed in as the user of the database account of "ana"
    And the profile of "ana" has "logins_count" 2

  Scenario: Neither account opens with the other one's password
    Given "ana at work" has a database account with:
      | email    | work@people.example |
      | password | Passw0rd!work       |
    When an administrator links the database account of "ana at work" to the database account of "ana"
    And "ana" tries to sign in with the password "Passw0rd!work"
    Then "ana" reads "Wrong email or password"

  Scenario: Who forgot the password of a linked account chooses another one for that account alone
    Given "ana at work" has a database account with "email" "work@people.example"
    And an administrator links the database account of "ana at work" to the database account of "ana"
    And "ana at work" asks for another password
    And "ana at work" opens the password mail
    And "ana at work" chooses the password "N3w!passphrase"
    When "ana at work" tries to sign in with the password "N3w!passphrase"
    Then "ana at work" is signed in as the user of the database account of "ana"
    When "ana" tries to sign in with the password "N3w!passphrase"
    Then "ana" reads "Wrong email or password"
    When "ana" signs in with the database
    Then "ana" is signed in as the user of the database account of "ana"

  Scenario: A password signs in without a page too
    Given "ana at work" has a database account
    And an administrator links the database account of "ana at work" to the database account of "ana"
    When the app signs "ana at work" in with her password
    Then "ana at work" is signed in as the user of the database account of "ana"

  Scenario: The address of a linked database account stays taken
    Given "ana at work" has a database account with "email" "work@people.example"
    And an administrator links the database account of "ana at work" to the database account of "ana"
    When "thief" signs up with the e-mail "work@people.example" and the password "Passw0rd!thief"
    Then 0 users have the e-mail "work@people.example"
    And the user of the database account of "ana" has the accounts "database, database"

  Scenario Outline: Who is blocked is blocked with <provider>
    Given "ana" signs in with Google
    And an administrator links the Google account of "ana" to the database account of "ana"
    And "ana" signs in with the database
    And an administrator blocks "ana"
    When "ana" tries to sign in with the <provider>
    Then "ana" is sent back with the error "unauthorized", "user is blocked"

    Examples:
      | provider |
      | database |
      | Google   |

  Scenario: Who was signed in as the secondary user has to sign in again
    Given "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    And "ana" comes back to the app
    Then "ana" is asked to sign in

  Scenario: Who is signed in as the primary stays signed in
    Given "ana" signs in with Google
    And "ana" signs in with the database
    When an administrator links the Google account of "ana" to the database account of "ana"
    And "ana" comes back to the app
    Then "ana" is signed in
    And "ana" is still the same user

  Scenario: Refresh tokens of the secondary user are worth nothing
    Given the app asks for the scopes "openid offline_access"
    And "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    And the app tries to use the last refresh token of "ana"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

  Scenario: Refresh tokens of the primary stay good
    Given "ana" signs in with Google
    And the app asks for the scopes "openid offline_access"
    And "ana" signs in with the database
    When an administrator links the Google account of "ana" to the database account of "ana"
    And the app refreshes the tokens of "ana"
    Then the ID token of "ana" has "sub"

  Scenario: The tenant log names the account that was used, and the one user
    Given "ana" signs in with Google
    And an administrator links the Google account of "ana" to the database account of "ana"
    When "ana" signs in with Google
    Then the tenant log says that the user of the database account of "ana" came in by Google
    When "ana" signs in with the database
    Then the tenant log says that the user of the database account of "ana" came in by the database
