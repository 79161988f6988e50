Feature: Signing in with a company's SAML identity provider

  Scenario Outline: However a company words it, the profile is the same (<account>)
    When "sara" signs in with the SAML connection "acme-saml" as "<account>"
    Then "sara" is signed in
    And the ID token of "sara" has "sub" "samlp|acme-saml|<account>"
    And the ID token of "sara" has "email" "<email>"
    And the ID token of "sara" has "name" "<name>"
    And the ID token of "sara" has "given_name" "<given name>"
    And the ID token of "sara" has "family_name" "<family name>"
    And the profile of "sara" has "issuer"
    And the profile of "sara" has "authenticationmethod" "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"

    Examples:
      | account           | email               | name            | given name | family name    |
      | sara@acme.example | sara@acme.example   | Sara Samlova    | Sara       | Samlova        |
      | 104711            | stefan@acme.example | Stefan Schäfer  | Stefan     | Schäfer        |
      | sue               | sue@acme.example    | Sue O'Neil      | Sue        | O'Neil & Sons  |

  Scenario: What isn't mapped stays as it was said
    When "stefan" signs in with the SAML connection "acme-saml" as "104711"
    Then the profile of "stefan" has "urn:oid:1.3.6.1.4.1.5923.1.5.1.1" "staff"
    And the profile of "stefan" has "nameIdAttributes.value" "104711"
    And the profile of "stefan" has "nameIdAttributes.Format" "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"

  Scenario: Groups come as a list
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then the profile of "sara" has "groups" ["engineering", "on-call"]

  Scenario: Who tells nothing but a name has an empty profile
    When "nobody" signs in with the SAML connection "acme-saml" as "nobody@acme.example"
    Then "nobody" is signed in
    And the profile of "nobody" has "name" ""
    And the profile of "nobody" has "nickname" ""

  Scenario: Another attribute can be what a person is known by
    Given an administrator sets the option "user_id_attribute" of the connection "acme-saml" to "uid"
    When "sue" signs in with the SAML connection "acme-saml" as "sue"
    Then the ID token of "sue" has "sub" "samlp|acme-saml|sue"
    When an administrator sets the option "user_id_attribute" of the connection "acme-saml" to "mail"
    And "sue" signs in with the SAML connection "acme-saml" as "sue"
    Then the ID token of "sue" has "sub" "samlp|acme-saml|sue@acme.example"

  Scenario Outline: Requests go out as the connection says (<binding>, signed: <signed>)
    Given an administrator sets the option "protocolBinding" of the connection "acme-saml" to "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-<binding>"
    And an administrator sets the option "signSAMLRequest" of the connection "acme-saml" to <signed>
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is signed in

    Examples:
      | binding  | signed |
      | Redirect | true   |
      | Redirect | false  |
      | POST     | true   |
      | POST     | false  |

  Scenario: Who turns back is sent back to the app
    When "sara" turns back at the SAML connection "acme-saml"
    Then "sara" is sent back with the error "access_denied", "The person declined to sign in."

  Scenario: People stay signed in at their company, unless they shall prove it again
    Given "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    When "sara" comes back to the app by the connection "acme-saml"
    Then "sara" is asked for an account by the SAML provider "acme-saml"

  Scenario: A login begins at the company
    Given an administrator sets the option "idpinitiated" of the connection "acme-saml" to {"enabled": true, "client_id": "acme-web", "client_protocol": "oidc", "client_authorizequery": "redirect_uri=http://localhost:8484/callback&scope=openid email"}
    When "sara" begins a login at the SAML provider "acme-saml" as "sara@acme.example"
    Then "sara" is signed in
    And the ID token of "sara" has "email" "sara@acme.example"

  Scenario: A login doesn't begin at the company where that is not wanted
    Given an administrator sets the option "idpinitiated" of the connection "acme-saml" to {"enabled": false}
    When "sara" begins a login at the SAML provider "acme-saml" as "sara@acme.example"
    Then "sara" sees the error page, which says "IdP-Initiated login is not enabled for connection"
    And the tenant's log says that the check "in_response_to" failed
