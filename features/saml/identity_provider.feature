Feature: The tenant as SAML identity provider of an app

  Background:
    Given "ana" has a database account with:
      | email | ana@people.example |
      | name  | Ana Costa          |

  Scenario: An app that speaks SAML is told who signed in
    When "ana" signs in to the SAML app "acme-saml-app" with the database
    Then the SAML app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress" "ana@people.example" of "ana"
    And the SAML app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name" "Ana Costa" of "ana"
    And the SAML app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn" "ana@people.example" of "ana"
    And the SAML app is told "http://schemas.auth0.com/identities/default/connection" "Username-Password-Authentication" of "ana"

  Scenario: Settings of the add-on say what the app is told
    Given an administrator changes the client "acme-saml-app" with {"addons": {"samlp": {"mappings": {"email": "mail", "app_metadata.plan": "plan"}, "passthroughClaimsWithNoMapping": false, "mapIdentities": false, "nameIdentifierProbes": ["mail"]}}}
    And an administrator sets "app_metadata" of "ana" to {"plan": "gold"}
    When "ana" signs in to the SAML app "acme-saml-app" with the database
    Then the SAML app knows "ana" as "ana@people.example"
    And the SAML app is told "plan" "gold" of "ana"
    And the SAML app is not told "http://schemas.auth0.com/nickname" of "ana"
    And the SAML app is not told "http://schemas.auth0.com/identities/default/provider" of "ana"

  Scenario: Who is signed in at the tenant needs no page
    Given "ana" signs in with the database
    When the SAML app "acme-saml-app" checks silently for "ana"
    Then the SAML app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress" "ana@people.example" of "ana"

  Scenario: Who is not signed in can't be asked silently
    When the SAML app "acme-saml-app" checks silently for "ana"
    Then the SAML app is told "NoPassive", "Login required" of "ana"

  Scenario: A blocked user is refused in the protocol's own way
    Given an administrator blocks "ana"
    When "ana" signs in to the SAML app "acme-saml-app" with the database
    Then the SAML app is told "AuthnFailed", "user is blocked" of "ana"

  Scenario: Responses may be signed as a whole, with a newer hash
    Given an administrator changes the client "acme-saml-app" with {"addons": {"samlp": {"signResponse": true, "signatureAlgorithm": "rsa-sha256", "digestAlgorithm": "sha256"}}}
    When "ana" signs in to the SAML app "acme-saml-app" with the database
    Then the SAML app is told "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name" "Ana Costa" of "ana"

  Scenario: People of a provider come through to an app that speaks SAML
    Given "sara" has a Google account with "email" "sara@people.example"
    When "sara" signs in to the SAML app "acme-saml-app" with Google
    Then the SAML app is told "http://schemas.auth0.com/identities/default/provider" "google-oauth2" of "sara"
    And the SAML app is told "http://schemas.auth0.com/identities/default/isSocial" "true" of "sara"
