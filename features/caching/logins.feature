Feature: What the tenant itself notes down about a user

  Scenario Outline: The first login with <provider> leaves its traces
    Given the time is "2031-05-04T10:00:00.000Z"
    And "ana" has a <provider> account
    When "ana" signs in with the <provider>
    Then the profile of "ana" has "logins_count" 1
    And the profile of "ana" has "last_login" "2031-05-04T10:00:00.000Z"
    And the profile of "ana" has "updated_at" "2031-05-04T10:00:00.000Z"
    And the profile of "ana" has "last_ip" "127.0.0.1"

    Examples:
      | provider |
      | database |
      | Google   |
      | Facebook |
      | GitHub   |
      | LinkedIn |
      | OpenID   |
      | Microsoft |

  Scenario Outline: Every further login with <provider> counts, and nothing is created anew
    Given the time is "2031-05-04T10:00:00.000Z"
    And "ana" has a <provider> account
    And "ana" signs in with the <provider>
    When 3 days pass
    And "ana" signs in with the <provider>
    Then "ana" is still the same user
    And the profile of "ana" has "logins_count" 2
    And the profile of "ana" has "created_at" "2031-05-04T10:00:00.000Z"
    And the profile of "ana" has "last_login" "2031-05-07T10:00:00.000Z"
    And "updated_at" and "last_login" in the profile of "ana" are the same

    Examples:
      | provider |
      | database |
      | Google   |
      | Facebook |
      | GitHub   |
      | LinkedIn |
      | OpenID   |
      | Microsoft |

  Scenario: Somebody who was deleted here and not at Google comes back as a new user with the old id
    Given "ana" has a Google account
    And "ana" signs in with Google
    And an administrator sets "app_metadata" of "ana" to {"plan":"gold"}
    When an administrator deletes "ana"
    And "ana" signs in with Google
    Then "ana" is still the same user
    And the profile of "ana" has "logins_count" 1
    And the profile of "ana" has no "app_metadata"

  Scenario Outline: A blocked user's attempt with <provider> counts as a login all the same
    Given "ana" has a <provider> account
    And "ana" signs in with the <provider>
    And an administrator blocks "ana"
    When "ana" tries to sign in with the <provider>
    Then "ana" is sent back with the error "unauthorized", "user is blocked"
    And the profile of "ana" has "logins_count" 2
    And "updated_at" and "last_login" in the profile of "ana" are the same

    Examples:
      | provider |
      | database |
      | Google   |
      | Facebook |
      | GitHub   |
      | LinkedIn |
      | OpenID   |
      | Microsoft |
