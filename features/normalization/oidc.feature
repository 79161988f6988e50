@oidc
Feature: The profile of somebody who comes from a company's own OpenID provider

  Scenario: The user's id has the connection's name in it
    Given "olga" has an OpenID account with "sub" "00u42"
    When "olga" signs in with OpenID
    Then the profile of "olga" has "user_id" "oidc|acme-oidc|00u42"
    And the profile of "olga" has "identities.0.user_id" "acme-oidc|00u42"
    And the profile of "olga" has "identities.0.provider" "oidc"
    And the profile of "olga" has "identities.0.connection" "acme-oidc"
    And the profile of "olga" has "identities.0.isSocial" false
    And the profile of "olga" has no "sub"

  Scenario Outline: A connection that says nothing takes over every claim: <claim>
    Given "olga" has an OpenID account with "<claim>" <value>
    When "olga" signs in with OpenID
    Then the profile of "olga" has "<claim>" <value>
    And the trace of "olga" says that "<claim>" was "passed through"

    Examples:
      | claim          | value                                |
      | name           | "Olga Openid"                        |
      | given_name     | "Olga"                               |
      | email          | "olga@somewhere.example"             |
      | email_verified | true                                 |
      | zoneinfo       | "Europe/Lisbon"                      |
      | department     | "Engineering"                        |
      | level          | 3                                    |
      | office         | {"city":"Porto","floor":3}           |

  Scenario Outline: A claim of a name that tokens need is left out without a word: <claim>
    Given "olga" has an OpenID account with "<claim>" <value>
    When "olga" signs in with OpenID
    Then the profile of "olga" has no "<claim>"
    And the trace of "olga" says that "<claim>" was "dropped"

    Examples:
      | claim  | value           |
      | groups | ["engineering"] |
      | active | true            |

  Scenario: What the ID token says of itself is not the person's
    Given "olga" has an OpenID account
    When "olga" signs in with OpenID
    Then the profile of "olga" has no "iss"
    And the profile of "olga" has no "nonce"
    And the profile of "olga" has no "exp"
    And the trace of "olga" says that "iss" was "dropped"

  Scenario: The basic profile is the standard's claims and nothing more
    Given an administrator sets the option "attribute_map" of the connection "acme-oidc" to {"mapping_mode":"basic_profile"}
    And "olga" has an OpenID account with:
      | name       | Olga Openid |
      | department | Engineering |
    When "olga" signs in with OpenID
    Then the profile of "olga" has "name" "Olga Openid"
    And the profile of "olga" has no "department"
    And the trace of "olga" says that "department" was "dropped"

  Scenario: A map keeps what its templates name, and nothing else
    Given an administrator sets the option "attribute_map" of the connection "acme-oidc" to {"mapping_mode":"use_map","attributes":{"name":"${context.tokenset.name}","job":"${context.tokenset.department} at ${context.connection.name}","kind":"employee"}}
    And "olga" has an OpenID account with:
      | name       | Olga Openid |
      | department | Engineering |
      | given_name | Olga        |
    When "olga" signs in with OpenID
    Then the profile of "olga" has "name" "Olga Openid"
    And the profile of "olga" has "job" "Engineering at acme-oidc"
    And the profile of "olga" has "kind" "employee"
    And the profile of "olga" has no "department"
    And the profile of "olga" has no "given_name"
    And the trace of "olga" says that "department" became "job"
    And the trace of "olga" says that "given_name" was "dropped"

  Scenario: Groups are kept under another name
    Given an administrator sets the option "attribute_map" of the connection "acme-oidc" to {"mapping_mode":"use_map","attributes":{"name":"${context.tokenset.name}","federated_groups":"${context.tokenset.groups}","groups":"${context.tokenset.groups}"}}
    And "olga" has an OpenID account with "groups" ["engineering","on-call"]
    When "olga" signs in with OpenID
    Then the profile of "olga" has "federated_groups" ["engineering","on-call"]
    And the profile of "olga" has no "groups"
    And the trace of "olga" says that "groups" became "federated_groups"

  Scenario: A map may ask the UserInfo endpoint
    Given an administrator sets the option "attribute_map" of the connection "acme-oidc" to {"mapping_mode":"use_map","userinfo_scope":"openid profile email","attributes":{"name":"${context.userinfo.name}","employee":"${context.userinfo.employee_number}"}}
    And "olga" has an OpenID account with:
      | name     | Olga Openid                |
      | userinfo | {"employee_number":"4711"} |
    When "olga" signs in with OpenID
    Then the profile of "olga" has "name" "Olga Openid"
    And the profile of "olga" has "employee" "4711"
    And the trace of "olga" says that "userinfo.employee_number" became "employee"

  Scenario: An administrator writes no names of somebody whose company does, until it does so at the first login only
    Given "olga" has an OpenID account
    And "olga" signs in with OpenID
    When an administrator tries to set "email_verified" of "olga" to true
    Then the administrator is told "Email verification is not supported for enterprise users."
    When an administrator sets the option "set_user_root_attributes" of the connection "acme-oidc" to "on_first_login"
    And an administrator sets "name" of "olga" to "Olga at work"
    And "olga" signs in with OpenID
    Then the profile of "olga" has "name" "Olga at work"
