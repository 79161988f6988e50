Feature: Signing in with Apple

  Scenario: The first sign-in tells the name
    Given "ann" has an Apple account with:
      | firstName | Ann                |
      | lastName  | Fake               |
      | email     | ann@somewhere.example |
    When "ann" signs in with Apple
    Then the profile of "ann" has "given_name" "Ann"
    And the profile of "ann" has "family_name" "Fake"
    And the profile of "ann" has "name" "Ann Fake"
    And the profile of "ann" has "email" "ann@somewhere.example"
    And the profile of "ann" has "email_verified" true
    And the profile of "ann" has "user_id" "apple|{Apple sub}"
    And the profile of "ann" has no "user"

  Scenario: Later sign-ins don't, and the name stays
    Given "ann" has an Apple account with "firstName" "Ann"
    And "ann" signs in with Apple
    When "ann" signs in with Apple
    Then the profile of "ann" has "given_name" "Ann"
    And "ann" is still the same user

  Scenario: Who was deleted here and comes back has no name, because Apple tells it once
    Given "ann" has an Apple account with "firstName" "Ann"
    And "ann" signs in with Apple
    And an administrator deletes "ann"
    When "ann" signs in with Apple
    Then the profile of "ann" has no "given_name"
    And the profile of "ann" has no "family_name"

  Scenario: Who hides the address is known by one that forwards to it
    Given "ann" has an Apple account with:
      | email         | ann@somewhere.example                |
      | private_email | x1y2z3abcd@privaterelay.appleid.com |
    When "ann" signs in with Apple, declining "email"
    Then the profile of "ann" has "email" "x1y2z3abcd@privaterelay.appleid.com"
    And the profile of "ann" has "is_private_email" true
    And 0 users have the e-mail "ann@somewhere.example"

  Scenario: A flag that Apple sends as a text becomes true
    Given "ann" has an Apple account with "email_verified" "true"
    When "ann" signs in with Apple
    Then the profile of "ann" has "email_verified" true

  Scenario: Somebody without name and address
    Given "ann" has an Apple account with:
      | name      | null |
      | firstName | null |
      | lastName  | null |
      | email     | null |
    When "ann" signs in with Apple
    Then the profile of "ann" has no "email"
    And the profile of "ann" has no "given_name"

  Scenario: Somebody turns back at Apple, and the app is told
    Given "ann" has an Apple account with "email" "ann@somewhere.example"
    When "ann" turns back at Apple
    Then "ann" is sent back with the error "access_denied"
    And 0 users have the e-mail "ann@somewhere.example"

  Scenario: The app may skip our own page and go to Apple at once
    Given "ann" has an Apple account
    And the app sends "connection" as "apple"
    When "ann" signs in with Apple
    Then "ann" is signed in
