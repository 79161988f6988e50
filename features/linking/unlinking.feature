Feature: An account becomes a user of its own again

  Background:
    Given "ana" has a database account with:
      | email         | ana@people.example |
      | user_metadata | {"colour":"red"}   |
    And "ana" has a Google account with:
      | email         | ana.private@people.example |
      | given_name    | Anita                      |
    And "ana" signs in with Google
    And an administrator sets "user_metadata" of "ana" to {"colour":"blue"}
    And an administrator links the Google account of "ana" to the database account of "ana"

  Scenario: The account leaves its user
    When an administrator unlinks the Google account of "ana" from the database account of "ana"
    Then the answer lists 1 identity
    And the answer has "0.provider" "auth0"
    And the answer has "0.profileData.email" "ana@people.example"
    And the user of the database account of "ana" has the accounts "database"
    And the user of the database account of "ana" has "user_metadata" {"colour":"red"}

  Scenario: The new user is what the account said of it, without metadata or history
    When an administrator unlinks the Google account of "ana" from the database account of "ana"
    Then the user of the Google account of "ana" has the accounts "Google"
    And the user of the Google account of "ana" has "email" "ana.private@people.example"
    And the user of the Google account of "ana" has "given_name" "Anita"
    And the user of the Google account of "ana" has no "identities.0.profileData"
    And the user of the Google account of "ana" has no "user_metadata"
    And the user of the Google account of "ana" has no "logins_count"
    And the user of the Google account of "ana" has no "last_login"

  Scenario: The next login finds the new user and makes no third one
    Given an administrator unlinks the Google account of "ana" from the database account of "ana"
    And "ana" changes "given_name" to "Anna" at Google
    When "ana" signs in with Google
    Then "ana" is signed in as the user of the Google account of "ana"
    And the profile of "ana" has "logins_count" 1
    And the profile of "ana" has "given_name" "Anna"
    And 1 user has the e-mail "ana.private@people.example"

  Scenario: A database account takes its password along
    Given "ana at work" has a database account
    And an administrator links the database account of "ana at work" to the database account of "ana"
    When an administrator unlinks the database account of "ana at work" from the database account of "ana"
    And "ana at work" signs in with the database
    Then "ana at work" is signed in as the user of the database account of "ana at work"
    When "ana" signs in with the database
    Then "ana" is signed in as the user of the database account of "ana"

  Scenario: To swap primary and secondary one unlinks and links the other way round
    Given an administrator unlinks the Google account of "ana" from the database account of "ana"
    When an administrator links the database account of "ana" to the Google account of "ana"
    Then the user of the Google account of "ana" has the accounts "Google, database"

  Scenario: Refresh tokens from before the link do not come back to life
    Given "bo" has a Google account
    And the app asks for the scopes "openid offline_access"
    And "bo" signs in with Google
    And an administrator links the Google account of "bo" to the database account of "ana"
    And an administrator unlinks the Google account of "bo" from the database account of "ana"
    When the app tries to use the last refresh token of "bo"
    Then the app is refused with "invalid_grant", "Unknown or invalid refresh token."

  Scenario: Unlinking stands in the tenant log
    When an administrator unlinks the Google account of "ana" from the database account of "ana"
    Then the tenant log of the user of the database account of "ana" has "sapi" "Unlink a User Account"
