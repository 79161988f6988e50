Feature: What can't be linked or unlinked, and how that is told

  Background:
    Given "ana" has a database account
    And "ana" has a Google account
    And "ana" signs in with Google

  Scenario Outline: Who links <what> is told so
    When an administrator tries to link <body> to the database account of "ana"
    Then that is refused with 400 "<message>"
    And the user of the database account of "ana" has the accounts "database"

    Examples:
      | what                                | body                                                                                           | message                                                                                                                       |
      | with a provider that nobody knows   | {"provider":"myspace","user_id":"1"}                                                           | Payload validation error: 'No enum match for: myspace' on property provider.                                                  |
      | nothing                             | {}                                                                                             | Payload validation error: 'Too few properties defined (0), minimum 1'.                                                        |
      | a provider without an id            | {"provider":"google-oauth2"}                                                                   | Payload validation error: 'Missing required property: user_id'.                                                               |
      | an id without a provider            | {"user_id":"1"}                                                                                | Payload validation error: 'Missing required property: provider'.                                                              |
      | by a connection id of another form  | {"provider":"google-oauth2","user_id":"1","connection_id":"google"}                            | Payload validation error: 'String does not match pattern ^con_[A-Za-z0-9]{16}$: google' on property connection_id.            |
      | by name and by ID token at once     | {"link_with":"a.b.c","provider":"google-oauth2"}                                               | Payload validation error: 'Additional properties not allowed: provider'.                                                      |
      | with something that is no token     | {"link_with":"a.b.c"}                                                                          | Invalid token (link_with).                                                                                                    |
      | at a provider without a connection  | {"provider":"paypal","user_id":"1"}                                                            | The provider/connection is not configured.                                                                                    |
      | at a connection that there isn't    | {"provider":"google-oauth2","user_id":"1","connection_id":"con_aaaaBBBB11112222"}              | The provider/connection is not configured.                                                                                    |
      | at another provider's connection    | {"provider":"google-oauth2","user_id":"1","connection_id":"{id of facebook}"}                  | The provider/connection is not configured.                                                                                    |
      | somebody who never signed in        | {"provider":"google-oauth2","user_id":"1"}                                                     | Linking to an inexistent identity requires a connection.                                                                      |
      | nobody of a connection              | {"provider":"google-oauth2","user_id":"1","connection_id":"{id of google-oauth2}"}             | Linking to an inexistent identity is not allowed.                                                                             |

  Scenario: Nobody is linked to themselves
    When an administrator tries to link the database account of "ana" to the database account of "ana"
    Then that is refused with 400 "Main identity and the new one are the same."

  Scenario: An account is linked once
    Given an administrator links the Google account of "ana" to the database account of "ana"
    When an administrator tries to link the Google account of "ana" to the database account of "ana"
    Then that is refused with 409 "Specified identity already exists."

  Scenario: An account that is linked to one user is not linked to another
    Given "bo" has a database account
    And an administrator links the Google account of "ana" to the database account of "ana"
    When an administrator tries to link the Google account of "ana" to the database account of "bo"
    Then that is refused with 409 "Specified identity already exists."
    And the user of the database account of "ana" has the accounts "database, Google"
    And the user of the database account of "bo" has the accounts "database"

  Scenario: There must be a user to link to
    When an administrator tries to link the Google account of "ana" to the user "auth0|nobody"
    Then that is refused with 404 "The user does not exist."

  Scenario: What is linked to somebody is no user to link to
    Given "bo" has a database account
    And an administrator links the Google account of "ana" to the database account of "ana"
    When an administrator tries to link the database account of "bo" to the Google account of "ana"
    Then that is refused with 404 "The user does not exist."

  Scenario: The account that a user began as stays
    Given an administrator links the Google account of "ana" to the database account of "ana"
    When an administrator tries to unlink the database account of "ana" from the database account of "ana"
    Then that is refused with 400 "Main identity cannot be removed."
    And the user of the database account of "ana" has the accounts "database, Google"

  Scenario: Only what is linked can be unlinked
    When an administrator tries to unlink the Google account of "ana" from the database account of "ana"
    Then that is refused with 400 "The specified identity is not linked to the user."
    And the user of the Google account of "ana" has the accounts "Google"

  Scenario: A refusal stands in the tenant log
    When an administrator tries to link the database account of "ana" to the database account of "ana"
    Then the tenant log of the user of the database account of "ana" has "fapi" "Link a User Account: Main identity and the new one are the same."
