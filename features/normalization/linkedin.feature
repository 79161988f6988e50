@linkedin
Feature: The profile of somebody who signs in with LinkedIn

  Scenario Outline: <attribute> is taken over as LinkedIn words it today
    Given "lin" has a LinkedIn account with "<attribute>" <value>
    When "lin" signs in with LinkedIn
    Then the profile of "lin" has "<attribute>" <value>

    Examples:
      | attribute   | value                             |
      | name        | "Lin Fake"                        |
      | given_name  | "Lin"                             |
      | family_name | "Fake"                            |
      | picture     | "https://somewhere.example/l.png" |
      | email       | "lin@somewhere.example"           |
      | locale      | {"country":"PT","language":"pt"}  |

  Scenario Outline: An address is verified only where LinkedIn says so
    Given "lin" has a LinkedIn account with:
      | email          | lin@somewhere.example |
      | email_verified | <linkedin>            |
    When "lin" signs in with LinkedIn
    Then the profile of "lin" has "email_verified" <profile>

    Examples:
      | linkedin | profile |
      | true     | true    |
      | false    | false   |

  Scenario: Somebody who gives no address has neither nickname nor a picture of their own
    Given "lin" has a LinkedIn account with:
      | email   | null |
      | picture | null |
    When "lin" signs in with LinkedIn
    Then the profile of "lin" has no "email"
    And the profile of "lin" has no "nickname"
    And the profile of "lin" has "picture" "https://cdn.auth0.com/avatars/default.png"

  Scenario Outline: The profile is the same in every age of LinkedIn's API: version <version>
    Given an administrator replaces the options of the connection "linkedin" by <options>
    And "lin" has a LinkedIn account with:
      | given_name  | Lin                   |
      | family_name | Fake                  |
      | name        | Lin Fake              |
      | email       | lin@somewhere.example |
    When "lin" signs in with LinkedIn
    Then the profile of "lin" has "given_name" "Lin"
    And the profile of "lin" has "family_name" "Fake"
    And the profile of "lin" has "name" "Lin Fake"
    And the profile of "lin" has "email" "lin@somewhere.example"
    And the profile of "lin" has "nickname" "lin"
    And the profile of "lin" has no "<theirs>"
    And the trace of "lin" says that "<theirs>" became "given_name"

    Examples:
      | version | options                                             | theirs             |
      | 1       | {"strategy_version":1,"basic_profile":true,"email":true} | firstName          |
      | 2       | {"strategy_version":2,"profile":true,"email":true}  | localizedFirstName |

  Scenario Outline: In the first age LinkedIn told of somebody's <what>
    Given an administrator replaces the options of the connection "linkedin" by {"strategy_version":1,"basic_profile":true,"full_profile":true,"email":true}
    And "lin" has a LinkedIn account with "<what>" <value>
    When "lin" signs in with LinkedIn
    Then the profile of "lin" has "<what>" <value>
    And the trace of "lin" says that "<what>" was "passed through"

    Examples:
      | what       | value                                                                       |
      | headline   | "Engineer at Acme"                                                          |
      | positions  | {"values":[{"company":{"name":"Acme"},"title":"Engineer","isCurrent":true}]} |
      | educations | {"values":[{"degree":"MSc","schoolName":"University of Porto"}]}            |

  Scenario: Today LinkedIn tells nothing of somebody's work
    Given "lin" has a LinkedIn account with "headline" "Engineer at Acme"
    When "lin" signs in with LinkedIn
    Then the profile of "lin" has no "headline"
