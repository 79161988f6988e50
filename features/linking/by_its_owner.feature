Feature: People link their own accounts

  An app that somebody lets into their accounts proves with an ID token that another account is theirs too.

  Background:
    Given "ana" has a database account
    And "ana" has a Google account
    And "ana" lets the app link accounts, signing in with the database

  Scenario: An ID token of the other account links it
    When "ana" adds her Google account in the app
    Then the user of the database account of "ana" has the accounts "database, Google"
    And the Google account of "ana" is no user of its own
    When "ana" signs in with Google
    Then "ana" is signed in as the user of the database account of "ana"

  Scenario: What was added can be taken out again
    Given "ana" adds her Google account in the app
    When "ana" removes her Google account in the app
    Then the user of the database account of "ana" has the accounts "database"
    And the user of the Google account of "ana" has the accounts "Google"

  Scenario: The same ID token links once
    Given "ana" adds her Google account in the app
    When the app tries to link the ID token of "ana" to "ana"
    Then that is refused with 409 "Specified identity already exists."

  Scenario: Nobody is linked to themselves
    When "ana" tries to add her database account in the app
    Then that is refused with 400 "Main identity and the new one are the same."

  Scenario: An account must be proved, its id is not enough
    Given "bo" has a Google account
    And "bo" signs in with Google
    When the app tries to link the Google account of "bo" by its id to "ana"
    Then that is refused with 403 "Insufficient scope; expected: update:users, update:current_user_identities."
    And the user of the Google account of "bo" has the accounts "Google"

  Scenario: One person's leave opens nobody else's account
    Given "bo" has a Google account
    And "bo" lets the app link accounts, signing in with Google
    When the app uses the leave of "bo" to try to link the ID token of "bo" to "ana"
    Then that is refused with 403 "User to be acted on does not match subject in bearer token."

  Scenario: An ID token is nobody's leave
    When the app shows the ID token of "ana" in place of her leave
    Then that is refused with 401 "Bad audience: {client}"

  Scenario: An app without leave links nothing
    Given "bo" has a Google account
    And "bo" lets the app see their user, signing in with Google
    When the app uses the leave of "bo" to try to link the ID token of "bo" to "bo"
    Then that is refused with 403 "Insufficient scope; expected: update:users, update:current_user_identities."

  Scenario Outline: An ID token that is <how> proves nothing
    Given "bo" has a Google account
    And "bo" signs in with Google
    When the app tries to link the ID token of "bo", <how>, to "ana"
    Then that is refused with 400 "<message>"
    And the user of the database account of "ana" has the accounts "database"
    And the user of the Google account of "bo" has the accounts "Google"

    Examples:
      | how                          | message                                                           |
      | signed with the app's secret | JWT (link_with) must have an alg of RS256.                        |
      | changed                      | Invalid token (link_with).                                        |
      | cut short                    | Invalid token (link_with).                                        |
      | of another tenant            | JWT (link_with) must have the same issuer as the calling user.    |

  Scenario: An ID token that another app was given proves nothing
    Given "bo" has a Google account
    And the app is "acme-spa"
    And "bo" signs in with Google
    When the app tries to link the ID token of "bo" to "ana"
    Then that is refused with 400 "JWT (link_with) must have an aud claim that matches that of the calling token's azp."

  Scenario: An ID token proves something as long as it is good
    Given "bo" has a Google account
    And "bo" signs in with Google
    When 11 hours pass
    And the app tries to link the ID token of "bo" to "ana"
    Then that is refused with 400 "Invalid token (link_with)."

  Scenario: An ID token of somebody who was deleted proves nothing
    Given "bo" has a Google account
    And "bo" signs in with Google
    And an administrator deletes "bo"
    When the app tries to link the ID token of "bo" to "ana"
    Then that is refused with 400 "Provided secondary account not found."

  Scenario: A back end may bring an ID token too
    Given "bo" has a Google account
    And "bo" signs in with Google
    When an administrator tries to link the ID token of "bo" to the database account of "ana"
    Then the user of the database account of "ana" has the accounts "database, Google"
