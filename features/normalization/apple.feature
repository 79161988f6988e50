@apple
Feature: The profile of somebody who signs in with Apple

  Scenario: The user's id is made of Apple's own
    Given "ann" has an Apple account
    When "ann" signs in with Apple
    Then the profile of "ann" has "user_id" "apple|{Apple sub}"
    And the profile of "ann" has "identities.0.provider" "apple"
    And the profile of "ann" has "identities.0.isSocial" true
    And the profile of "ann" has no "sub"

  Scenario: Apple tells the name at the first login alone, and it is kept
    Given "ann" has an Apple account with:
      | firstName | Ann  |
      | lastName  | Fake |
    When "ann" signs in with Apple
    Then the profile of "ann" has "given_name" "Ann"
    And the profile of "ann" has "family_name" "Fake"
    And the profile of "ann" has "name" "Ann Fake"
    And the profile of "ann" has no "user"
    When "ann" signs in with Apple
    Then "ann" is still the same user
    And the profile of "ann" has "given_name" "Ann"
    And the profile of "ann" has "name" "Ann Fake"
    And the ID token of "ann" has "name" "Ann Fake"
    And the trace of "ann" says that "name" was "kept"

  Scenario: Who was deleted here comes back without a name, as Apple doesn't tell it again
    Given "ann" has an Apple account with:
      | firstName | Ann  |
      | lastName  | Fake |
    And "ann" signs in with Apple
    When an administrator deletes "ann"
    And "ann" signs in with Apple
    Then the profile of "ann" has no "given_name"
    And the profile of "ann" has no "family_name"

  Scenario: What Apple says of the login is not the person's
    Given "ann" has an Apple account
    When "ann" signs in with Apple
    Then the profile of "ann" has no "nonce_supported"
    And the profile of "ann" has no "iss"
    And the profile of "ann" has no "aud"
