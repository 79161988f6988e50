Feature: A tenant of one's own
  What needs other settings than the built-in tenant has.

  Background:
    Given "ana" has a database account

  Scenario: A client that says nothing else gets ID tokens signed with its secret
    When "ana" signs in with the database
    Then the header of the ID token of "ana" has "alg" "HS256"
    And the ID token of "ana" has "aud" "own-tenant-web"

  Scenario: Somebody who refuses the app's wishes is sent back
    When "ana" refuses the app's wishes after signing in with the database
    Then "ana" is sent back with the error "access_denied", "User did not authorize the request"

  Scenario: Somebody who agreed once is not asked again
    Given "ana" signs in with the database
    When the app checks silently for "ana"
    Then "ana" is signed in

  Scenario: A silent check can't ask for consent
    Given "ana" refuses the app's wishes after signing in with the database
    When the app checks silently for "ana"
    Then "ana" is sent back with the error "consent_required", "Consent required"

  Scenario: Consent is for the scopes that were read
    Given "ana" signs in with the database
    And the app asks for the scopes "openid profile email offline_access"
    When the app checks silently for "ana"
    Then "ana" is sent back with the error "consent_required", "Consent required"
