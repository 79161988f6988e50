Feature: A company's SAML identity provider in a test

  Scenario: Somebody who was made for the test signs in
    Given "kim" has the account "kim@acme.example" at the SAML provider "acme-saml":
      | http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name  | Kim Park |
      | http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname | Park   |
    When "kim" signs in with the SAML connection "acme-saml" as "kim@acme.example"
    Then "kim" is signed in
    And the ID token of "kim" has "name" "Kim Park"
    And the ID token of "kim" has "family_name" "Park"

  Scenario: One wrong response is refused, the next one is taken
    Given the SAML provider "acme-saml" sends an "expired" response once
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is sent back with the error "access_denied"
    And the tenant's log says that the check "expiry" failed
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is signed in
    And that fault fired once

  Scenario Outline: What other providers do wrong, a company's does, too (<mishap>)
    Given the SAML provider "acme-saml" <mishap>
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is sent back with the error "access_denied"
    And that fault fired

    Examples:
      | mishap                                |
      | declines                              |
      | signs with a wrong key                |
      | has a clock that is 20 minutes behind |
      | has a clock that is 20 minutes ahead  |

  Scenario: A company that changes its keys says so in its metadata
    Given the SAML provider "acme-saml" changes its keys
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is signed in

  Scenario: A company may keep addresses to itself
    Given the SAML provider "acme-saml" returns no e-mail
    When "sara" signs in with the SAML connection "acme-saml" as "sara@acme.example"
    Then "sara" is signed in
    And the ID token of "sara" has no "email"
    And the ID token of "sara" has "given_name" "Sara"
