Feature: The provider's own tokens

  What a provider gave the tenant at a login is kept with the identity, for administrators who may read it. Apps never
  see it.

  Background:
    Given "ana" has a Google account

  Scenario: An administrator finds Google's access token with the identity
    When "ana" signs in with Google
    Then the profile of "ana" has "identities.0.access_token"
    And the profile of "ana" has "identities.0.expires_in"

  Scenario: It is in no token of the app's
    When "ana" signs in with Google
    Then the ID token of "ana" has no "identities"
    And the userinfo of "ana" has no "identities"

  Scenario: An administrator who may read users, but not their provider tokens, does not find it
    When "ana" signs in with Google
    Then with "read:users" alone the profile of "ana" has no "identities.0.access_token"
    And with "read:users read:user_idp_tokens" alone the profile of "ana" has "identities.0.access_token"

  Scenario: Each login brings another one
    Given "ana" signs in with Google
    And the profile of "ana" is remembered
    When "ana" signs in with Google
    Then "identities.0.access_token" in the profile of "ana" is another one

  Scenario: Coming back without signing in brings none
    Given "ana" signs in with Google
    And the profile of "ana" is remembered
    When "ana" comes back to the app
    Then "identities.0.access_token" in the profile of "ana" is the same

  Scenario: Google gives a refresh token to an app that asks for one
    Given the app sends "access_type" as "offline"
    When "ana" signs in with Google
    Then the profile of "ana" has "identities.0.refresh_token"

  Scenario: Usually Google gives none
    When "ana" signs in with Google
    Then the profile of "ana" has no "identities.0.refresh_token"

  Scenario: A refresh token that is not sent again is kept
    Given the app sends "access_type" as "offline"
    And "ana" signs in with Google
    And the profile of "ana" is remembered
    When the app does not send "access_type"
    And "ana" signs in with Google
    Then "identities.0.refresh_token" in the profile of "ana" is the same
