Feature: Attributes that a connection must not keep (non_persistent_attrs)

  Scenario: A denied attribute is in nobody's profile
    Given an administrator sets the option "non_persistent_attrs" of the connection "google-oauth2" to ["hd"]
    And "ana" has a Google account with "hd" "somewhere.example"
    When "ana" signs in with Google
    Then the profile of "ana" has no "hd"
    And the trace of "ana" says that "hd" was "transient"

  Scenario: What was kept before it was denied goes with the next login, not earlier
    Given "ana" has a Google account with "hd" "somewhere.example"
    And "ana" signs in with Google
    When an administrator sets the option "non_persistent_attrs" of the connection "google-oauth2" to ["hd"]
    Then the profile of "ana" has "hd" "somewhere.example"
    When "ana" signs in with Google
    Then the profile of "ana" has no "hd"

  Scenario Outline: A denied <attribute> is neither kept nor made up, and is in no token
    Given an administrator sets the option "non_persistent_attrs" of the connection "google-oauth2" to ["<attribute>"]
    And "ana" has a Google account with "<attribute>" "Ana"
    When "ana" signs in with Google
    Then the profile of "ana" has no "<attribute>"
    And the ID token of "ana" has no "<attribute>"
    And the userinfo of "ana" has no "<attribute>"
    And the trace of "ana" says that "<attribute>" was "dropped"

    Examples:
      | attribute |
      | name      |
      | nickname  |

  Scenario: A denied standard claim is in this login's ID token and nowhere later
    Given an administrator sets the option "non_persistent_attrs" of the connection "google-oauth2" to ["given_name"]
    And "ana" has a Google account with "given_name" "Ana"
    When "ana" signs in with Google
    Then the ID token of "ana" has "given_name" "Ana"
    And the profile of "ana" has no "given_name"
    And the userinfo of "ana" has no "given_name"
    When "ana" comes back to the app
    Then the ID token of "ana" has no "given_name"

  Scenario: What isn't denied any more is kept again
    Given an administrator sets the option "non_persistent_attrs" of the connection "facebook" to ["middle_name"]
    And "ana" has a Facebook account with "middle_name" "María"
    And "ana" signs in with Facebook
    When an administrator sets the option "non_persistent_attrs" of the connection "facebook" to []
    And "ana" signs in with Facebook
    Then the profile of "ana" has "middle_name" "María"

  Scenario: A denied attribute that was left behind can be taken away by hand
    Given "ana" has a Google account with "hd" "somewhere.example"
    And "ana" signs in with Google
    And an administrator sets the option "non_persistent_attrs" of the connection "google-oauth2" to ["hd"]
    When an administrator sets "hd" of "ana" to null
    Then the profile of "ana" has no "hd"
