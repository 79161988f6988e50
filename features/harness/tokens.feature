Feature: Tokens without a login

  An API is tested with tokens of anybody; what verifies tokens is tested with wrong ones.

  Background:
    Given "ana" has a database account
    And the app asks for the API "https://api.acme.example/"
    And the app asks for the scopes "openid profile email read:orders"

  Scenario: They are good wherever those of a login are
    Given the app has tokens of "ana" without a login
    Then a careful receiver takes the access token of "ana"
    And a careful receiver takes the ID token of "ana"
    And userinfo takes the access token of "ana"
    And the access token of "ana" has "scope" "openid profile email read:orders"
    And the access token of "ana" has "azp" "acme-web"

  Scenario: An access token has whatever claim a test wants
    Given the app has tokens of "ana" with the claim "https://acme.example/plan" "gold"
    Then the access token of "ana" has "https://acme.example/plan" "gold"

  Scenario: They can be as old as a test wants
    Given the app has tokens of "ana" that were issued 23 hours ago
    Then a careful receiver takes the access token of "ana"
    And a careful receiver refuses the ID token of "ana"
    When 2 hours pass
    Then a careful receiver refuses the access token of "ana"
    And userinfo refuses the access token of "ana"

  Scenario: They are of people at providers, too, once the tenant knows them
    Given "bo" has a Google account
    And "bo" signs in with "google-oauth2"
    And the app has tokens of "bo" without a login
    Then a careful receiver takes the ID token of "bo"

  Scenario Outline: A token that is wrong in one way is refused
    Given the app has tokens of "ana" that are wrong by "<wrong>"
    Then a careful receiver refuses the access token of "ana"
    And a careful receiver refuses the ID token of "ana"
    And userinfo refuses the access token of "ana"

    Examples:
      | wrong               |
      | expired             |
      | not_yet_valid       |
      | wrong_issuer        |
      | wrong_audience      |
      | missing_subject     |
      | missing_expiry      |
      | unknown_key         |
      | wrong_key           |
      | algorithm_none      |
      | algorithm_confusion |
      | wrong_algorithm     |
      | broken_signature    |
      | tampered            |
      | truncated           |

  Scenario Outline: What only careful receivers look at
    Given the app has tokens of "ana" that are wrong by "<wrong>"
    Then a careful receiver refuses the ID token of "ana"

    Examples:
      | wrong       |
      | wrong_nonce |
      | wrong_type  |
