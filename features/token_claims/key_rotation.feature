Feature: The tenant changes its signing keys

  Two keys are published: the current one, which signs, and the next one, so that apps know it before it signs. After a
  rotation the previous one stays published, and what it signed stays good, until an administrator revokes it.

  Background:
    Given "ana" has a database account
    And the app asks for the API "https://api.acme.example/"

  Scenario: The key that will sign next is published beforehand
    Then the tenant publishes 2 keys

  Scenario: After a rotation the next key signs
    Given an administrator rotates the signing keys
    When "ana" signs in with the database
    Then the ID token of "ana" is signed with the tenant's "current" key
    And the access token of "ana" is signed with the tenant's "current" key
    And the tenant publishes 3 keys

  Scenario: Tokens of before the rotation are still good
    Given "ana" signs in with the database
    When an administrator rotates the signing keys
    Then the ID token of "ana" is signed with the tenant's "previous" key
    And userinfo takes the access token of "ana"

  Scenario: The next key is the one that was published
    Given an administrator rotates the signing keys
    And "ana" signs in with the database
    When an administrator rotates the signing keys
    Then the ID token of "ana" is signed with the tenant's "previous" key

  Scenario: Tokens of a revoked key are good no more
    Given "ana" signs in with the database
    And an administrator rotates the signing keys
    When an administrator revokes the "previous" signing key
    Then the tenant publishes 2 keys
    And userinfo refuses the access token of "ana"

  Scenario: Who was signed in before stays signed in when a key is revoked
    Given "ana" signs in with the database
    And an administrator rotates the signing keys
    And an administrator revokes the "previous" signing key
    When "ana" comes back to the app
    Then "ana" is signed in
    And the ID token of "ana" is signed with the tenant's "current" key

  Scenario: Opaque tokens don't care about keys
    Given the app does not send "audience"
    And "ana" signs in with the database
    And an administrator rotates the signing keys
    When an administrator revokes the "previous" signing key
    Then userinfo takes the access token of "ana"

  Scenario: The key that signs can't be revoked
    When an administrator tries to revoke the "current" signing key
    Then the administrator is told "The current signing key can't be revoked: rotate first."
    And the tenant publishes 2 keys

  Scenario: A next key that is revoked gets a successor
    When an administrator revokes the "next" signing key
    Then the tenant publishes 2 keys
