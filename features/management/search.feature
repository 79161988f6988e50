@management @search
Feature: Administrators search for users
  A query asks for the values of fields. Fields match whole values, metadata included; what a provider passed through
  is not searchable. Acme has five people: Alice, Bob, Carol, Dave and Eve.

  Scenario Outline: One field is asked for a value
    When an administrator searches for '<query>'
    Then the search finds "<users>"

    Examples:
      | query                                        | users                         |
      | email:"alice@acme.example"                   | alice                         |
      | email:"ALICE@acme.example"                   | alice                         |
      | email:"alice"                                | nobody                        |
      | email.domain:"acme.example"                  | alice, bob, carol, dave, eve  |
      | name:"carol chen"                            | carol                         |
      | user_id:"auth0\|65f1c0ffee0000000000a11c"    | alice                         |
      | identities.user_id:65f1c0ffee00000000000b0b  | bob                           |
      | email_verified:false                         | bob, eve                      |
      | blocked:true                                 | dave                          |
      | identities.provider:"google-oauth2"          | nobody                        |

  Scenario Outline: Metadata is asked by its path
    When an administrator searches for '<query>'
    Then the search finds "<users>"

    Examples:
      | query                            | users                    |
      | app_metadata.plan:"enterprise"   | carol                    |
      | app_metadata.plan:"Enterprise"   | nobody                   |
      | app_metadata.seats:[20 TO 30]    | carol                    |
      | user_metadata.languages:"zh"     | carol                    |
      | _exists_:user_metadata.theme     | carol                    |
      | _exists_:email AND NOT _exists_:app_metadata | alice, bob, dave, eve, pat |

  Scenario Outline: A star stands for any characters
    When an administrator searches for '<query>'
    Then the search finds "<users>"

    Examples:
      | query             | users                        |
      | given_name:d*     | dave                         |
      | name:*rown        | bob                          |
      | name:a*archer     | alice                        |
      | email:*           | alice, bob, carol, dave, eve, pat |
      | given_name:*      | alice, bob, carol, dave      |

  Scenario Outline: Clauses are joined
    When an administrator searches for '<query>'
    Then the search finds "<users>"

    Examples:
      | query                                                    | users               |
      | given_name:alice OR given_name:bob                       | alice, bob          |
      | email_verified:true AND NOT blocked:true                 | alice, carol, pat   |
      | given_name:("alice" OR "dave") AND blocked:true          | dave                |
      | email:* AND NOT (given_name:alice OR given_name:bob OR blocked:true) | carol, eve, pat |
      | given_name:alice given_name:bob                          | alice, bob          |
      | given_name:alice -given_name:bob                         | alice               |

  Scenario: Dates are asked by year, month, day or moment
    Given the time is "2031-05-04T10:00:00Z"
    And "alice" has a database account with "email" "new@acme.example"
    When an administrator searches for 'created_at:[2031-05-04 TO 2031-05-04]'
    Then the search finds "new"
    When an administrator searches for 'created_at:{2031-05 TO *]'
    Then the search finds "nobody"

  Scenario: How often somebody signed in can be asked for
    Given "ana" has a Google account with "email" "ana@people.example"
    And "ana" signs in with Google
    And "ana" signs in with Google
    When an administrator searches for 'logins_count:[2 TO *]'
    Then the search finds "ana"
    When an administrator searches for 'email:* AND (NOT _exists_:logins_count OR logins_count:0)'
    Then the search finds "alice, bob, carol, dave, eve, pat"

  Scenario: What the provider passed through cannot be searched for
    Given "ana" has a Google account with "hd" "people.example"
    And "ana" signs in with Google
    When an administrator searches for 'hd:"people.example"'
    Then the search finds "nobody"

  Scenario: Users come in the order of a field, those without it first
    When an administrator searches for 'blocked:true OR _exists_:given_name' sorted by "given_name:-1"
    Then the search finds in this order "dave, carol, bob, alice"
    When an administrator searches for 'identities.provider:auth0' sorted by "given_name:1"
    Then the search finds in this order "eve, alice, bob, carol, dave"

  Scenario Outline: What cannot be asked is told
    When an administrator searches for '<query>'
    Then the administrator is told "Query validation error: '<problem>' on property q."

    Examples:
      | query                       | problem                                                                     |
      | name:"ali                   | the quote is not closed that opens at character 6                           |
      | (name:ali                   | the parenthesis is not closed that opens at character 1                     |
      | name:ali~                   | fuzzy search (~) is not supported at character 9                            |
      | name:*li                    | a word that begins with * needs three other characters                      |
      | user_metadata.theme:d*      | range and wildcard searches are not available on user_metadata.theme        |
