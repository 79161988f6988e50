Feature: Providers that say other things about people than usual

  Scenario Outline: The person is sent back as if they had declined at <provider>
    Given "ana" has a <provider> account with "<address>" "ana@somewhere.example"
    And <provider> declines
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "access_denied"
    And that fault fired once
    And 0 users have the e-mail "ana@somewhere.example"

    Examples:
      | provider  | address           |
      | Google    | email             |
      | Facebook  | email             |
      | GitHub    | email             |
      | LinkedIn  | email             |
      | Microsoft | userPrincipalName |
      | OpenID    | email             |
      | Apple     | email             |

  Scenario Outline: <provider> tells no e-mail address
    Given "ana" has a <provider> account
    And <provider> returns no e-mail
    When "ana" signs in with <provider>
    Then the profile of "ana" has no "email"
    And the ID token of "ana" has no "email"
    And that fault fired once

    Examples:
      | provider  |
      | Google    |
      | Facebook  |
      | GitHub    |
      | LinkedIn  |
      | Microsoft |
      | OpenID    |
      | Apple     |

  Scenario Outline: <provider> signs with a key that it does not publish
    Given "ana" has a <provider> account
    And <provider> signs with a wrong key
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "access_denied"
    And that fault fired once

    Examples:
      | provider |
      | Google   |
      | OpenID   |
      | Apple    |

  Scenario Outline: <provider> changes its keys, and the tenant fetches the new ones
    Given "ana" has a <provider> account
    And "ana" signs in with <provider>
    When <provider> changes its keys
    And "ana" signs in with <provider>
    Then "ana" is signed in
    And that fault fired

    Examples:
      | provider |
      | Google   |
      | OpenID   |
      | Apple    |

  Scenario Outline: The clock of <provider> is <off>
    Given "ana" has a <provider> account
    And <provider> has a clock that is <off>
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "access_denied"
    And that fault fired once

    Examples:
      | provider | off              |
      | Google   | 2 hours behind   |
      | OpenID   | 2 hours behind   |
      | Apple    | 2 days behind    |
      | OpenID   | 10 minutes ahead |

  Scenario: A clock that is off by less than a minute does no harm
    Given "ana" has an OpenID account
    And OpenID has a clock that is 30 seconds ahead
    When "ana" signs in with OpenID
    Then that fault fired once

  Scenario: One person is declined, and another is not
    Given "ana" has a Google account
    And "bo" has a Google account
    And Google declines for "ana"
    When "ana" tries to sign in with Google
    Then "ana" is sent back with the error "access_denied"
    When "bo" signs in with Google
    Then "bo" is signed in
    And that fault fired once

  Scenario: A provider fails for one person, and for another it does not
    Given "ana" has a Google account
    And "bo" has a Google account
    And Google answers 503 for "ana"
    When "ana" tries to sign in with Google
    Then "ana" sees the error page, which says "Error 503"
    When "bo" signs in with Google
    Then "bo" is signed in
    And that fault fired once

  Scenario Outline: <provider> does not tell the tenant about one person
    Given "ana" has a <provider> account
    And "bo" has a <provider> account
    And <provider> answers 503 for "ana" when the tenant asks
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "access_denied"
    When "bo" signs in with <provider>
    Then "bo" is signed in
    And that fault fired once

    Examples:
      | provider  |
      | Google    |
      | Facebook  |
      | GitHub    |
      | LinkedIn  |
      | Microsoft |
      | OpenID    |
      | Apple     |
