Feature: Responses of a SAML identity provider that are wrong

  Scenario Outline: A wrong response is refused, and the log names the check (<wrong>)
    Given the SAML provider's responses are "<wrong>"
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is sent back with the error "access_denied"
    And the tenant's log says that the check "<check>" failed
    And 0 users have the e-mail "sara@acme.example"

    Examples:
      | wrong                | check          |
      | unsigned             | signature      |
      | wrong-key            | thumbprint     |
      | expired              | expiry         |
      | not-yet-valid        | not_before     |
      | wrong-audience       | audience       |
      | wrong-recipient      | recipient      |
      | wrong-destination    | destination    |
      | wrong-issuer         | issuer         |
      | wrong-in-response-to | in_response_to |
      | xsw1                 | wrapping       |
      | xsw2                 | wrapping       |
      | xsw3                 | wrapping       |
      | xsw4                 | wrapping       |
      | xsw5                 | wrapping       |
      | xsw6                 | wrapping       |
      | xsw7                 | wrapping       |
      | xsw8                 | wrapping       |
      | comment-in-name-id   | schema         |
      | external-entity      | xml            |
      | sha1                 | algorithm      |
      | no-name-id           | name_id        |

  Scenario: What was answered before is worth nothing
    Given "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    And the SAML provider's responses are "replayed"
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is sent back with the error "access_denied"
    And the tenant's log says that the check "in_response_to" failed

  Scenario: An assertion that nobody asked for is good once
    Given an administrator sets the option "idpinitiated" of the connection "acme-saml" to {"enabled": true, "client_id": "acme-web", "client_protocol": "oidc", "client_authorizequery": "redirect_uri=http://localhost:8484/callback&scope=openid email"}
    And "sara" begins a login at the SAML provider "acme-saml" as "sara@acme.example"
    And the SAML provider's responses are "replayed"
    When "eve" begins a login at the SAML provider "acme-saml" as "sara@acme.example"
    Then "eve" is sent back with the error "access_denied", "the assertion was used before"
    And the tenant's log says that the check "replay" failed

  Scenario: Who says nothing of a person still lets them in
    Given the SAML provider's responses are "no-attributes"
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is signed in
    And the profile of "sara" has "name" ""

  Scenario: SHA-1 is taken where the connection says so
    Given the SAML provider's responses are "sha1"
    And an administrator sets the option "signatureAlgorithm" of the connection "acme-saml" to "rsa-sha1"
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is signed in

  Scenario: Once the fault is over, people get in
    Given the SAML provider's responses are "unsigned"
    And "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    When that fault is over
    And "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is signed in
