Feature: An administrator makes one user of two

  Whoever signs in with two accounts is two users, until somebody says that they are one. The user that is linked to, the
  primary, stays as it is; of the other, the secondary, only the account remains, with what its provider said.

  Background:
    Given "ana" has a database account with:
      | email         | ana@people.example    |
      | name          | Ana Ruiz              |
      | user_metadata | {"colour":"red"}      |
      | app_metadata  | {"plan":"gold"}       |
    And "ana" has a Google account with:
      | email          | ana@people.example |
      | email_verified | true               |
      | given_name     | Anita              |
      | family_name    | Ruiz               |

  Scenario: Nobody is linked by their address alone
    When "ana" signs in with the database
    And "ana" signs in with Google
    Then 2 users have the e-mail "ana@people.example"

  Scenario: Of two users one remains, with both accounts
    Given "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the user of the database account of "ana" has the accounts "database, Google"
    And the Google account of "ana" is no user of its own
    And 1 user has the e-mail "ana@people.example"

  Scenario: The secondary account is kept as its provider described it
    Given "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the user of the database account of "ana" has "identities.1.provider" "google-oauth2"
    And the user of the database account of "ana" has "identities.1.user_id" "{Google sub}"
    And the user of the database account of "ana" has "identities.1.isSocial" true
    And the user of the database account of "ana" has "identities.1.profileData.given_name" "Anita"
    And the user of the database account of "ana" has "identities.1.profileData.email" "ana@people.example"
    And the user of the database account of "ana" has "identities.1.profileData.email_verified" true

  Scenario: The primary's own account shows no profile of its own, for the user has it already
    Given "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the user of the database account of "ana" has no "identities.0.profileData"

  Scenario: Nothing is merged into the primary
    Given "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the user of the database account of "ana" has "name" "Ana Ruiz"
    And the user of the database account of "ana" has no "given_name"
    And the user of the database account of "ana" has no "family_name"

  Scenario: The primary's metadata stays, and the secondary's is lost
    Given "ana" signs in with Google
    And an administrator sets "user_metadata" of "ana" to {"colour":"blue","size":"m"}
    And an administrator sets "app_metadata" of "ana" to {"plan":"silver"}
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the user of the database account of "ana" has "user_metadata" {"colour":"red"}
    And the user of the database account of "ana" has "app_metadata" {"plan":"gold"}

  Scenario: It is the primary's logins that count
    Given "ana" signs in with the database
    And "ana" signs in with Google
    And "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the user of the database account of "ana" has "logins_count" 1

  Scenario: Which of the two is the primary is the administrator's choice
    Given "ana" signs in with Google
    When an administrator links the database account of "ana" to the Google account of "ana"
    Then the user of the Google account of "ana" has the accounts "Google, database"
    And the user of the Google account of "ana" has "given_name" "Anita"
    And the user of the Google account of "ana" has no "user_metadata"
    And the database account of "ana" is no user of its own

  Scenario Outline: An account goes by <what>
    Given "ana" signs in with Google
    When an administrator links to the database account of "ana" what is named so:
      | provider      | google-oauth2 |
      | user_id       | <user_id>     |
      | <more>        | <value>       |
    Then the user of the database account of "ana" has the accounts "database, Google"

    Examples:
      | what                            | user_id                     | more          | value                 |
      | its bare id                     | "{Google sub}"              | provider      | google-oauth2         |
      | the whole id of its user        | "google-oauth2\|{Google sub}" | provider      | google-oauth2         |
      | its id and its connection       | "{Google sub}"              | connection_id | "{id of google-oauth2}" |

  Scenario: Where a provider's ids are numbers they stay numbers
    Given "ana" has a GitHub account with "id" 583277
    And "ana" signs in with GitHub
    When an administrator links to the database account of "ana" what is named so:
      | provider | github |
      | user_id  | 583277 |
    Then the user of the database account of "ana" has "identities.1.user_id" 583277
    And the GitHub account of "ana" is no user of its own

  Scenario: The answer lists all accounts, that of a database with what its owner gave
    Given "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the answer lists 2 identities
    And the answer has "0.connection" "Username-Password-Authentication"
    And the answer has "0.profileData.email" "ana@people.example"
    And the answer has "0.profileData.name" "Ana Ruiz"
    And the answer has "1.connection" "google-oauth2"
    And the answer has "1.profileData.given_name" "Anita"

  Scenario: What the tenant made up about a database user is nothing that its owner gave
    Given an administrator creates "ines" with:
      | email    | ines@people.example          |
      | picture  | https://img.example/ines.png |
    And "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ines"
    Then the user of the database account of "ines" has "name" "ines@people.example"
    And the answer has "0.profileData.picture" "https://img.example/ines.png"
    And the answer has no "0.profileData.name"
    And the answer has no "0.profileData.nickname"

  Scenario: Who brought accounts along keeps them, in their order
    Given "ana" has a Facebook account
    And "ana" signs in with Google
    And "ana" signs in with Facebook
    And an administrator links the Facebook account of "ana" to the Google account of "ana"
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the user of the database account of "ana" has the accounts "database, Google, Facebook"
    When "ana" signs in with Facebook
    Then "ana" is signed in as the user of the database account of "ana"

  Scenario: Linking stands in the tenant log
    Given "ana" signs in with Google
    When an administrator links the Google account of "ana" to the database account of "ana"
    Then the tenant log of the user of the database account of "ana" has "sapi" "Link a User Account"
