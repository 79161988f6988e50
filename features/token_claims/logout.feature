Feature: Signing out as OpenID Connect has it

  An app sends a person to the tenant's logout with a hint about whose session is meant. With a hint that names the
  session of this browser the person is signed out at once; otherwise a page asks first.

  Background:
    Given "ana" has a database account
    And "ana" signs in with the database

  Scenario: With the app's ID token the person is signed out at once
    When the app logs "ana" out with:
      | id_token_hint            | {ID token} |
      | post_logout_redirect_uri | {goodbye}  |
    Then "ana" is on the app's goodbye page
    When "ana" comes back to the app
    Then "ana" is asked to sign in

  Scenario: The session's own name is as good a hint
    When the app logs "ana" out with:
      | logout_hint              | {session} |
      | client_id                | {client}  |
      | post_logout_redirect_uri | {goodbye} |
    Then "ana" is on the app's goodbye page

  Scenario: An ID token that has expired is still a hint
    Given 11 hours pass
    When the app logs "ana" out with:
      | id_token_hint            | {ID token} |
      | post_logout_redirect_uri | {goodbye}  |
    Then "ana" is on the app's goodbye page

  Scenario: An ID token that a former key signed is still a hint
    Given an administrator rotates the signing keys
    When the app logs "ana" out with:
      | id_token_hint            | {ID token} |
      | post_logout_redirect_uri | {goodbye}  |
    Then "ana" is on the app's goodbye page

  Scenario: An ID token that a revoked key signed is no hint
    Given an administrator rotates the signing keys
    And an administrator revokes the "previous" signing key
    When the app logs "ana" out with:
      | id_token_hint | {ID token} |
    Then "ana" sees the error page, which says "id_token_hint is no ID token of this tenant"

  Scenario: What the app wants to remember comes back
    When the app logs "ana" out with:
      | id_token_hint            | {ID token} |
      | post_logout_redirect_uri | {goodbye}  |
      | state                    | back again |
    Then the goodbye page of "ana" is told "state" "back again"

  Scenario: Without a hint the person is asked
    When the app logs "ana" out with:
      | client_id                | {client}  |
      | post_logout_redirect_uri | {goodbye} |
      | state                    | abc       |
    Then "ana" is asked whether to log out
    When "ana" answers "Yes"
    Then "ana" is on the app's goodbye page
    And the goodbye page of "ana" is told "state" "abc"
    When "ana" comes back to the app
    Then "ana" is asked to sign in

  Scenario: Who says no stays signed in
    Given the app logs "ana" out with:
      | client_id | {client} |
    When "ana" answers "No"
    Then "ana" reads "You are still logged in."
    When "ana" comes back to the app
    Then "ana" is signed in

  Scenario: A hint about another session is asked about, too
    When the app logs "ana" out with:
      | logout_hint | another-session |
    Then "ana" is asked whether to log out

  Scenario Outline: The question is put in the person's language: <language>
    When the app logs "ana" out with:
      | ui_locales | <language> |
    Then "ana" reads "<question>"

    Examples:
      | language | question                          |
      | en       | Do you want to log out of Acme?   |
      | de-AT    | Möchten Sie sich von Acme abmelden? |
      | pt       | Deseja sair de Acme?              |

  Scenario: Who is not signed in is not asked
    Given "ana" signs out
    When the app logs "ana" out with:
      | client_id                | {client}  |
      | post_logout_redirect_uri | {goodbye} |
    Then "ana" is on the app's goodbye page

  Scenario: An address that the app has not listed is refused, and nobody is signed out
    When the app logs "ana" out with:
      | id_token_hint            | {ID token}                     |
      | post_logout_redirect_uri | https://elsewhere.example/bye  |
    Then "ana" sees the error page, which says "https://elsewhere.example/bye"
    When "ana" comes back to the app
    Then "ana" is signed in

  Scenario: Hint and app must go together
    When the app logs "ana" out with:
      | id_token_hint | {ID token} |
      | client_id     | acme-spa   |
    Then "ana" sees the error page, which says "client_id is not the audience of id_token_hint"

  Scenario: What is no ID token of the tenant's is no hint
    When the app logs "ana" out with:
      | id_token_hint | e30.e30.e30 |
    Then "ana" sees the error page, which says "id_token_hint is no ID token of this tenant"
