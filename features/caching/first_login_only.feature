Feature: A connection may copy names and pictures at the first login only, or at none

  Background:
    Given an administrator sets the option "set_user_root_attributes" of the connection "google-oauth2" to "on_first_login"

  Scenario Outline: A later change of <attribute> at Google never arrives
    Given "ana" has a Google account with "<attribute>" "https://somewhere.example/before"
    And "ana" signs in with Google
    When "ana" changes "<attribute>" to "https://somewhere.example/after" at Google
    And "ana" signs in with Google
    Then the profile of "ana" has "<attribute>" "https://somewhere.example/before"
    And the ID token of "ana" has "<attribute>" "https://somewhere.example/before"
    And the trace of "ana" says that "<attribute>" was "withheld"

    Examples:
      | attribute   |
      | name        |
      | given_name  |
      | family_name |
      | picture     |

  Scenario Outline: Everything else follows Google all the same: <attribute>
    Given "ana" has a Google account with "<attribute>" "<before>"
    And "ana" signs in with Google
    When "ana" changes "<attribute>" to "<after>" at Google
    And "ana" signs in with Google
    Then the profile of "ana" has "<attribute>" "<after>"

    Examples:
      | attribute | before                | after                  |
      | email     | ana@somewhere.example | ana@elsewhere.example  |
      | hd        | somewhere.example     | elsewhere.example      |

  Scenario Outline: An administrator may now write the <attribute>, and it stays
    Given "ana" has a Google account
    And "ana" signs in with Google
    When an administrator sets "<attribute>" of "ana" to "https://somewhere.example/edited"
    And "ana" signs in with Google
    Then the profile of "ana" has "<attribute>" "https://somewhere.example/edited"
    And the ID token of "ana" has "<attribute>" "https://somewhere.example/edited"

    Examples:
      | attribute   |
      | name        |
      | given_name  |
      | family_name |
      | nickname    |
      | picture     |

  Scenario: Once each login copies again, the next one overwrites what was written here
    Given "ana" has a Google account with "name" "Ana Ruiz"
    And "ana" signs in with Google
    And an administrator sets "name" of "ana" to "Somebody"
    When an administrator sets the option "set_user_root_attributes" of the connection "google-oauth2" to "on_each_login"
    Then the profile of "ana" has "name" "Somebody"
    When "ana" signs in with Google
    Then the profile of "ana" has "name" "Ana Ruiz"

  Scenario: A connection that says nothing copies at each login
    Given "ana" has a Google account with "name" "before"
    And "ana" signs in with Google
    When an administrator sets the option "set_user_root_attributes" of the connection "google-oauth2" to null
    And "ana" changes "name" to "after" at Google
    And "ana" signs in with Google
    Then the profile of "ana" has "name" "after"

  Scenario: Options that are sent replace all options: what is left out is lost
    When an administrator replaces the options of the connection "google-oauth2" by {"scope":["email","profile"]}
    Then the connection "google-oauth2" has no option "set_user_root_attributes"

  Scenario: A connection that never copies lets in nobody who isn't known yet
    Given an administrator sets the option "set_user_root_attributes" of the connection "google-oauth2" to "never_on_login"
    And "ana" has a Google account with "email" "ana@somewhere.example"
    When "ana" tries to sign in with Google
    Then "ana" is sent back with the error "access_denied", "User does not exist"
    And 0 users have the e-mail "ana@somewhere.example"

  Scenario: A connection that never copies lets in who is known, as they are
    Given "ana" has a Google account with "name" "before"
    And "ana" signs in with Google
    When an administrator sets the option "set_user_root_attributes" of the connection "google-oauth2" to "never_on_login"
    And "ana" changes "name" to "after" at Google
    And "ana" signs in with Google
    Then "ana" is still the same user
    And the profile of "ana" has "name" "before"
    And the profile of "ana" has "logins_count" 2
