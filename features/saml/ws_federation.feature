Feature: The tenant as token service of an app that speaks WS-Federation

  Background:
    Given "ana" has a database account with:
      | email | ana@people.example |
      | name  | Ana Costa          |

  Scenario: An app that speaks WS-Federation is told who signed in
    When "ana" signs in to the WS-Federation app "acme-wsfed-app" with the database
    Then the WS-Federation app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress" "ana@people.example" of "ana"
    And the WS-Federation app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name" "Ana Costa" of "ana"
    And the WS-Federation app is told "http://schemas.auth0.com/identities/default/connection" "Username-Password-Authentication" of "ana"
    And the WS-Federation app is told "http://schemas.auth0.com/email_verified" "true" of "ana"

  Scenario: Who is signed in needs no page, and who signs out does
    Given "ana" signs in to the WS-Federation app "acme-wsfed-app" with the database
    When "ana" comes back to the WS-Federation app "acme-wsfed-app"
    Then the WS-Federation app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name" "Ana Costa" of "ana"
    When "ana" signs out of the WS-Federation app "acme-wsfed-app"
    And "ana" comes back to the WS-Federation app "acme-wsfed-app"
    Then "ana" is asked to sign in

  Scenario: People of a provider come through
    Given "sara" has a Google account with "email" "sara@people.example"
    When "sara" signs in to the WS-Federation app "acme-wsfed-app" with Google
    Then the WS-Federation app is told "http://schemas.auth0.com/identities/default/provider" "google-oauth2" of "sara"

  Scenario: A blocked user is refused in the protocol's own way
    Given an administrator blocks "ana"
    When "ana" signs in to the WS-Federation app "acme-wsfed-app" with the database
    Then the WS-Federation app is told "FailedAuthentication", "user is blocked" of "ana"

  Scenario: An app that doesn't have the add-on gets nothing
    Given an administrator changes the client "acme-wsfed-app" with {"addons": {"wsfed": null}}
    When "ana" signs in to the WS-Federation app "acme-wsfed-app" with the database
    Then "ana" sees the error page, which says "WS-Federation is not enabled for the client"
