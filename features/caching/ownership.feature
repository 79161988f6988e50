Feature: What is whose: the provider's, the tenant's, the app's

  Scenario Outline: Metadata is the app's, and no login with <provider> touches it
    Given "ana" has a <provider> account
    And "ana" signs in with the <provider>
    And an administrator sets "user_metadata" of "ana" to {"colour":"green"}
    And an administrator sets "app_metadata" of "ana" to {"plan":"gold"}
    When "ana" signs in with the <provider>
    Then the profile of "ana" has "user_metadata" {"colour":"green"}
    And the profile of "ana" has "app_metadata" {"plan":"gold"}

    Examples:
      | provider |
      | database |
      | Google   |
      | Facebook |
      | GitHub   |

  Scenario: Metadata is merged on its first level only
    Given "ana" has a database account
    And an administrator sets "user_metadata" of "ana" to {"colour":"green","size":{"shoe":38,"hat":55}}
    When an administrator sets "user_metadata" of "ana" to {"colour":null,"size":{"shoe":39}}
    Then the profile of "ana" has "user_metadata" {"size":{"shoe":39}}

  Scenario Outline: An administrator can't change <attribute> of somebody who comes from <provider>
    Given "ana" has a <provider> account
    And "ana" signs in with <provider>
    When an administrator tries to set "<attribute>" of "ana" to "https://somewhere.example/x"
    Then the administrator is told "The following user attributes cannot be updated: <attribute>. The connection (<connection>) must either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync user profile attributes at each login'."

    Examples:
      | provider | connection    | attribute |
      | Google   | google-oauth2 | name      |
      | Google   | google-oauth2 | picture   |
      | Facebook | facebook      | nickname  |
      | GitHub   | github        | name      |

  Scenario: An administrator can't give somebody from Google another address
    Given "ana" has a Google account
    And "ana" signs in with Google
    When an administrator tries to set "email" of "ana" to "ana@elsewhere.example"
    Then the administrator is told "Cannot update email for non-database user."

  Scenario: What an administrator writes about a user with a password stays
    Given "ana" has a database account
    And "ana" signs in with the database
    And an administrator sets "nickname" of "ana" to "nan"
    When "ana" signs in with the database
    Then the profile of "ana" has "nickname" "nan"
    And the ID token of "ana" has "nickname" "nan"

  Scenario: The userinfo endpoint shows an administrator's change at once
    Given "ana" has a database account
    And "ana" signs in with the database
    When an administrator sets "nickname" of "ana" to "nan"
    Then the userinfo of "ana" has "nickname" "nan"
