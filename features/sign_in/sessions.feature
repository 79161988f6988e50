Feature: Being still signed in

  Background:
    Given "ana" has a database account

  Scenario: Somebody who comes back is not asked again
    Given "ana" signs in with the database
    When "ana" comes back to the app
    Then "ana" is signed in
    And "ana" is still the same user

  Scenario: Another app does not ask again either
    Given "ana" signs in with the database
    And the app is "acme-spa"
    When "ana" comes back to the app
    Then "ana" is signed in
    And the ID token of "ana" has "aud" "acme-spa"

  Scenario: Another browser knows nothing of it
    Given "ana" signs in with the database
    When "ana" opens the app in another browser
    Then "ana" is asked to sign in

  Scenario: A silent check finds who is signed in
    Given "ana" signs in with the database
    When the app checks silently for "ana"
    Then "ana" is signed in

  Scenario: A silent check never shows a page
    When the app checks silently for "ana"
    Then "ana" is sent back with the error "login_required", "Login required"

  Scenario: Signing out ends it
    Given "ana" signs in with the database
    When "ana" signs out
    And the app checks silently for "ana"
    Then "ana" is sent back with the error "login_required", "Login required"

  Scenario: An app may insist on a fresh login
    Given "ana" signs in with the database
    And the app sends "prompt" as "login"
    When "ana" comes back to the app
    Then "ana" is asked to sign in

  Scenario Outline: A login that is <age> old is <verdict> for an app that wants one of the last hour
    Given the time is "2031-05-04T10:00:00.000Z"
    And "ana" signs in with the database
    And the app sends "max_age" as "3600"
    When <age> pass
    And "ana" comes back to the app
    Then "ana" is <verdict>

    Examples:
      | age        | verdict          |
      | 59 minutes | signed in        |
      | 61 minutes | asked to sign in |

  Scenario: A session that nobody uses ends after three days
    Given "ana" signs in with the database
    When 73 hours pass
    And the app checks silently for "ana"
    Then "ana" is sent back with the error "login_required", "Login required"

  Scenario: A session that is used lives on
    Given "ana" signs in with the database
    And 71 hours pass
    And "ana" comes back to the app
    When 71 hours pass
    And the app checks silently for "ana"
    Then "ana" is signed in

  Scenario: No session lives longer than a week
    Given "ana" signs in with the database
    And 71 hours pass
    And "ana" comes back to the app
    And 71 hours pass
    And "ana" comes back to the app
    When 27 hours pass
    And the app checks silently for "ana"
    Then "ana" is sent back with the error "login_required", "Login required"
