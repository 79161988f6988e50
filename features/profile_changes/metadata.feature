@metadata
Feature: Metadata
  Two drawers belong to every user: what people may change themselves, and what only the app's makers may change.
  A change is laid over what is there, one level deep.

  Scenario: What somebody says of themselves at sign-up is kept
    Given an administrator creates "ana" with:
      | email         | ana@people.example             |
      | user_metadata | {"colour": "green", "pets": 2} |
      | app_metadata  | {"plan": "gold"}               |
    Then the profile of "ana" has "user_metadata" {"colour": "green", "pets": 2}
    And the profile of "ana" has "app_metadata" {"plan": "gold"}

  Scenario Outline: A change of <kind> keeps the names that it does not mention
    Given an administrator creates "ana" with:
      | email  | ana@people.example |
      | <kind> | {"a": 1, "b": 2}   |
    When an administrator sets "<kind>" of "ana" to {"b": 3, "c": 4}
    Then the profile of "ana" has "<kind>" {"a": 1, "b": 3, "c": 4}

    Examples:
      | kind          |
      | user_metadata |
      | app_metadata  |

  Scenario: Below the first level, what is sent replaces what was there
    Given an administrator creates "ana" with:
      | email         | ana@people.example                       |
      | user_metadata | {"address": {"city": "Faro", "no": 7}}   |
    When an administrator sets "user_metadata" of "ana" to {"address": {"city": "Beja"}}
    Then the profile of "ana" has "user_metadata" {"address": {"city": "Beja"}}

  Scenario: Nothing takes a name away
    Given an administrator creates "ana" with:
      | email         | ana@people.example |
      | user_metadata | {"a": 1, "b": 2}   |
    When an administrator sets "user_metadata" of "ana" to {"a": null}
    Then the profile of "ana" has "user_metadata" {"b": 2}

  Scenario: An empty object takes everything away
    Given an administrator creates "ana" with:
      | email        | ana@people.example |
      | app_metadata | {"a": 1, "b": 2}   |
    When an administrator sets "app_metadata" of "ana" to {}
    Then the profile of "ana" has "app_metadata" {}

  Scenario Outline: Names that belong to the profile can't be used in app_metadata: <name>
    Given "ana" has a database account
    When an administrator tries to set "app_metadata" of "ana" to {"<name>": "x"}
    Then the administrator is told "Payload validation error: 'app_metadata must not contain the property <name>'."

    Examples:
      | name       |
      | email      |
      | user_id    |
      | identities |
      | blocked    |

  Scenario Outline: Whoever keeps the user, metadata can be changed: <provider>
    Given "ana" has a <provider> account
    And "ana" signs in with <provider>
    When an administrator changes "ana":
      | user_metadata | {"colour": "red"} |
      | app_metadata  | {"plan": "free"}  |
    Then the profile of "ana" has "user_metadata" {"colour": "red"}
    And the profile of "ana" has "app_metadata" {"plan": "free"}

    Examples:
      | provider |
      | database |
      | Google   |
      | Facebook |

  Scenario: A large profile is taken, and the tenant log warns
    Given "ana" has a database account
    When an administrator sets "user_metadata" of "ana" to {"note": "0123456789"}
    And an administrator fills "user_metadata" of "ana" with 11 kilobytes
    Then the tenant log has "w" about "ana"
    And the profile of "ana" has "user_metadata.note" "0123456789"
