@github
Feature: The profile of somebody who signs in with GitHub

  Scenario: GitHub's id stays a number in the identity and is text in the user's id
    Given "nina" has a GitHub account with "id" 583999
    When "nina" signs in with GitHub
    Then the profile of "nina" has "user_id" "github|583999"
    And the profile of "nina" has "identities.0.user_id" 583999
    And the profile of "nina" has "identities.0.provider" "github"
    And the profile of "nina" has "identities.0.isSocial" true
    And the profile of "nina" has no "id"

  Scenario Outline: GitHub's <github> becomes the <ours>
    Given "nina" has a GitHub account with "<github>" "<value>"
    When "nina" signs in with GitHub
    Then the profile of "nina" has "<ours>" "<value>"
    And the profile of "nina" has no "<github>"
    And the trace of "nina" says that "<github>" became "<ours>"

    Examples:
      | github     | ours     | value                              |
      | login      | nickname | octo-nina-2                        |
      | avatar_url | picture  | https://somewhere.example/nina.png |

  Scenario: Somebody who gives no name goes by the login
    Given "nina" has a GitHub account with:
      | login | octo-nina-2 |
      | name  | null        |
    When "nina" signs in with GitHub
    Then the profile of "nina" has "name" "octo-nina-2"
    And the trace of "nina" says that "name" was "set"

  Scenario: The primary address is the e-mail, and the whole list is kept
    Given "nina" has a GitHub account with "emails" [{"email":"old@somewhere.example","primary":false,"verified":true,"visibility":null},{"email":"nina@somewhere.example","primary":true,"verified":true,"visibility":"private"}]
    When "nina" signs in with GitHub
    Then the profile of "nina" has "email" "nina@somewhere.example"
    And the profile of "nina" has "email_verified" true
    And the profile of "nina" has "emails.0.email" "old@somewhere.example"
    And the profile of "nina" has "emails.1.primary" true

  Scenario: GitHub's own dates never beat the tenant's
    Given the time is "2031-05-04T10:00:00.000Z"
    And "nina" has a GitHub account with "created_at" "2011-01-25T18:44:36Z"
    When "nina" signs in with GitHub
    Then the profile of "nina" has "created_at" "2031-05-04T10:00:00.000Z"
    And the trace of "nina" says that "created_at" was "dropped"

  Scenario Outline: What is nobody's standard passes through: <attribute>
    Given "nina" has a GitHub account with "<attribute>" <value>
    When "nina" signs in with GitHub
    Then the profile of "nina" has "<attribute>" <value>
    And the trace of "nina" says that "<attribute>" was "passed through"

    Examples:
      | attribute        | value   |
      | company          | "@acme" |
      | public_repos     | 8       |
      | twitter_username | null    |
