Feature: Signing out of a company's SAML identity provider

  Background:
    Given "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"

  Scenario: Who signs out of the app alone is still known to the company
    When "sara" signs out
    And "sara" comes back to the app
    Then "sara" is asked to sign in

  Scenario: Who signs out everywhere is asked again by the company
    When "sara" signs out everywhere
    And "sara" comes back to the app by the connection "acme-saml"
    Then "sara" is asked for an account by the SAML provider "acme-saml"

  Scenario: Who signs out at the company is signed out of the tenant
    When "sara" signs out at the SAML provider "acme-saml"
    And "sara" comes back to the app
    Then "sara" is asked to sign in

  Scenario Outline: Messages of logouts go as the connection says (<binding>, signed: <signed>)
    Given an administrator sets the option "protocolBinding" of the connection "acme-saml" to "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-<binding>"
    And an administrator sets the option "signSAMLRequest" of the connection "acme-saml" to <signed>
    When "sara" signs out everywhere
    And "sara" comes back to the app
    Then "sara" is asked to sign in

    Examples:
      | binding  | signed |
      | Redirect | true   |
      | POST     | true   |
      | POST     | false  |

  Scenario: A connection that sends no logouts leaves the company's session alone
    Given an administrator sets the option "disableSignout" of the connection "acme-saml" to true
    When "sara" signs out everywhere
    And "sara" comes back to the app
    Then "sara" is asked to sign in
