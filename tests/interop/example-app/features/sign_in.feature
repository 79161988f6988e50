Feature: Signing in to the shop

  Background:
    Given the app under test

  Scenario: Who has not signed in is asked to
    When "ana" opens "/" in the app
    Then the app shows "Please sign in"

  Scenario Outline: Somebody with a <account> account sees the orders
    Given "ana" has a <account> account with "name" "Ana Ruiz"
    When "ana" signs in to the app with <provider>
    Then the app shows "Welcome, Ana Ruiz"
    And the app shows "Your orders"
    And the app received an ID token whose "name" is "Ana Ruiz"

    Examples:
      | account  | provider     |
      | database | the database |
      | Google   | Google       |

  Scenario: Somebody whose address nobody confirmed does not
    Given "ana" has a Google account with:
      | email          | ana@people.example |
      | email_verified | false              |
    When "ana" signs in to the app with Google
    Then the app shows "Confirm ana@people.example first"
    And the app does not show "Your orders"

  Scenario: Who signs out is out
    Given "ana" has a database account
    When "ana" signs in to the app with the database
    And "ana" signs out of the app
    Then the app shows "Please sign in"
