@management @connections
Feature: Administrators configure connections
  What is changed over the Management API holds for the next login, without a restart. The options of a connection are
  replaced as a whole: what a change leaves out is gone.

  Scenario Outline: A connection that copies profiles only once keeps what <provider> said at first
    Given "ana" has a <provider> account with "<theirs>" "Ana"
    And "ana" signs in with <provider>
    When an administrator changes the connection "<connection>" with {"options":{"set_user_root_attributes":"on_first_login"}}
    And "ana" changes "<theirs>" to "Anna" at <provider>
    And "ana" signs in with <provider>
    Then the profile of "ana" has "given_name" "Ana"
    When an administrator changes the connection "<connection>" with {"options":{"set_user_root_attributes":"on_each_login"}}
    And "ana" signs in with <provider>
    Then the profile of "ana" has "given_name" "Anna"

    Examples:
      | provider | connection    | theirs     |
      | Google   | google-oauth2 | given_name |
      | Facebook | facebook      | first_name |

  Scenario: A connection that creates nobody lets in only whom it knows
    Given "ana" has a Google account
    And "ana" signs in with Google
    And an administrator changes the connection "google-oauth2" with {"options":{"set_user_root_attributes":"never_on_login"}}
    When "ana" tries to sign in with Google
    Then "ana" is signed in
    Given "ben" has a Google account
    When "ben" tries to sign in with Google
    Then "ben" is sent back with the error "access_denied", "User does not exist"

  Scenario: An attribute that is no longer kept is gone at the next login
    Given "ana" has a Google account with "hd" "people.example"
    When "ana" signs in with Google
    Then the profile of "ana" has "hd" "people.example"
    When an administrator changes the connection "google-oauth2" with {"options":{"non_persistent_attrs":["hd"]}}
    And "ana" signs in with Google
    Then the profile of "ana" has no "hd"

  Scenario: Options are replaced as a whole
    Given an administrator changes the connection "facebook" with {"options":{"client_id":"4711","email":true}}
    When an administrator changes the connection "facebook" with {"options":{"email":true}}
    Then the connection "facebook" has no "options.client_id"
    When an administrator changes the connection "facebook" with {"display_name":"Our Facebook"}
    Then the connection "facebook" has "options.email" true
    And the connection "facebook" has "display_name" "Our Facebook"

  Scenario: A connection goes on working with a client of its own
    Given an administrator changes the connection "google-oauth2" with {"options":{"client_id":"our-own","client_secret":"s"}}
    And "ana" has a Google account
    When "ana" signs in with Google
    Then "ana" is signed in

  Scenario Outline: Scopes of <connection> follow the permissions, in its own form
    When an administrator changes the connection "<connection>" with {"options":<permissions>}
    Then the connection "<connection>" has "options.scope" <scope>

    Examples:
      | connection    | permissions                            | scope                                                                |
      | google-oauth2 | {"calendar":true}                      | ["https://www.googleapis.com/auth/calendar", "email", "profile"]     |
      | google-oauth2 | {"email":true,"profile":false}         | ["email"]                                                            |
      | facebook      | {"email":true,"user_birthday":true}    | "email,user_birthday"                                                |
      | facebook      | {}                                     | ""                                                                   |
      | github        | {"read_user":true,"admin_org":false}   | ["read:user"]                                                        |

  Scenario: A new connection works at once
    Given an administrator creates a connection with {"name":"second-google","strategy":"google-oauth2","options":{"client_id":"ours"}}
    And an administrator lets the app use the connection "second-google"
    And the app sends "connection" as "second-google"
    And "ana" has a Google account
    When "ana" signs in with Google
    Then the profile of "ana" has "identities.0.connection" "second-google"

  Scenario: A new database keeps users of its own
    Given an administrator creates a connection with {"name":"Staff","strategy":"auth0"}
    And an administrator lets the app use the connection "Staff"
    When an administrator creates "ines" with:
      | email      | ines@staff.example |
      | connection | Staff              |
    Then the connection "Staff" has "options.passwordPolicy" "good"
    And the profile of "ines" has "identities.0.connection" "Staff"

  Scenario: An app signs in only with the connections it may use
    Given "ana" has a Google account
    And the app sends "connection" as "google-oauth2"
    And "ana" signs in with Google
    When an administrator no longer lets the app use the connection "google-oauth2"
    And "ana" tries to sign in with Google
    Then "ana" is sent back with the error "invalid_request", "the connection is not enabled"
    When an administrator lets the app use the connection "google-oauth2"
    And "ana" signs in with Google
    Then "ana" is signed in

  Scenario: A deleted connection takes its users with it
    Given an administrator creates "ines" with:
      | email | ines@somewhere.example |
    Then 1 user has the e-mail "ines@somewhere.example"
    When an administrator deletes the connection "Username-Password-Authentication"
    Then there is no connection "Username-Password-Authentication"
    And 0 users have the e-mail "ines@somewhere.example"

  Scenario Outline: What is no connection is refused: <why>
    When an administrator tries to create a connection with <body>
    Then the administrator is told "<message>"

    Examples:
      | why                       | body                                                                             | message                                                                                                                        |
      | no name                   | {"strategy":"auth0"}                                                             | Payload validation error: 'Missing required property: name'.                                                                   |
      | a name with a blank       | {"name":"a b","strategy":"auth0"}                                                | Payload validation error: 'String does not match pattern ^[a-zA-Z0-9](-[a-zA-Z0-9]\|[a-zA-Z0-9])*$: a b' on property name.     |
      | a name that is taken      | {"name":"facebook","strategy":"facebook"}                                        | A connection with the same name already exists                                                                                 |
      | a strategy of nobody      | {"name":"a","strategy":"friendster"}                                             | Payload validation error: 'No enum match for: friendster' on property strategy.                                                |
      | a setting of nobody       | {"name":"a","strategy":"auth0","colour":"green"}                                 | Payload validation error: 'Additional properties not allowed: colour'.                                                         |
      | two kinds of identifiers  | {"name":"a","strategy":"auth0","options":{"requires_username":true,"attributes":{"email":{"identifier":{"active":true}}}}} | Cannot set both options.attributes and options.requires_username |
      | nothing to be known by    | {"name":"a","strategy":"auth0","options":{"attributes":{"email":{"identifier":{"active":false}}}}}                        | attributes must contain one active identifier                    |

  Scenario Outline: A connection's <what> never changes
    When an administrator tries to change the connection "facebook" with <change>
    Then the administrator is told "Payload validation error: 'Additional properties not allowed: <what>'."

    Examples:
      | what     | change                  |
      | name     | {"name":"other"}        |
      | strategy | {"strategy":"github"}   |
