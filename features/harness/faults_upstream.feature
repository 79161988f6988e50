Feature: What goes wrong at a provider, and what the app is told

  Scenario Outline: <provider> is down when the tenant asks it
    Given "ana" has a <provider> account
    And <provider> is down when the tenant asks
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "server_error"
    And that fault fired
    When that fault is over
    And "ana" signs in with <provider>
    Then "ana" is signed in

    Examples:
      | provider  |
      | Google    |
      | Facebook  |
      | GitHub    |
      | LinkedIn  |
      | Microsoft |
      | OpenID    |
      | Apple     |

  Scenario Outline: <provider> answers the tenant with garbage, breaks off, or resets the connection
    Given "ana" has a <provider> account
    And <provider> <mishap> when the tenant asks
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "server_error"
    And that fault fired

    Examples:
      | provider  | mishap                |
      | Google    | answers garbage       |
      | Facebook  | answers garbage       |
      | GitHub    | answers garbage       |
      | LinkedIn  | answers garbage       |
      | Microsoft | answers garbage       |
      | OpenID    | answers garbage       |
      | Apple     | answers garbage       |
      | Google    | breaks off its answers |
      | GitHub    | resets connections    |

  Scenario Outline: <provider> gives out no tokens, and says so in its own words
    Given "ana" has a <provider> account
    And <provider> answers 500 at "<endpoint>"
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "access_denied", "<words>"
    And that fault fired once

    Examples:
      | provider  | endpoint                          | words                                                              |
      | Google    | POST /token                       | internal_failure                                                   |
      | Facebook  | /v19.0/oauth/access_token         | An unexpected error has occurred. Please retry your request later. |
      | GitHub    | POST /login/oauth/access_token    | Server Error                                                       |
      | LinkedIn  | POST /oauth/v2/accessToken        | Internal server error.                                             |
      | Microsoft | POST /{directory}/oauth2/v2.0/token | AADSTS90033: A transient error has occurred. Please try again.   |
      | OpenID    | POST /token                       | Internal server error.                                             |
      | Apple     | POST /auth/token                  | server_error                                                       |

  Scenario Outline: <provider> tells the tenant nothing of the person
    Given "ana" has a <provider> account
    And <provider> answers 503 at "<endpoint>"
    When "ana" tries to sign in with <provider>
    Then "ana" is sent back with the error "server_error"
    And that fault fired once

    Examples:
      | provider  | endpoint          |
      | Google    | /v1/userinfo      |
      | Facebook  | /v19.0/me         |
      | GitHub    | GET /user         |
      | LinkedIn  | GET /v2/userinfo  |
      | Microsoft | GET /v1.0/me      |

  Scenario Outline: <provider> is slow, or answers bit by bit, and the login takes longer
    Given "ana" has a <provider> account
    And <provider> <mishap>
    When "ana" signs in with <provider>
    Then "ana" is signed in
    And that fault fired

    Examples:
      | provider  | mishap                |
      | Google    | takes 20 milliseconds |
      | Facebook  | takes 20 milliseconds |
      | GitHub    | takes 20 milliseconds |
      | LinkedIn  | takes 20 milliseconds |
      | Microsoft | takes 20 milliseconds |
      | OpenID    | answers bit by bit    |
      | Apple     | answers bit by bit    |

  Scenario: A failure that happens once does not stop the second try
    Given "ana" has a Google account
    And Google answers 500 once
    When "ana" tries to sign in with Google
    Then "ana" is sent back with the error "server_error"
    And that fault fired once
    When "ana" signs in with Google
    Then "ana" is signed in
    And that fault fired once

  Scenario: Another provider goes on working
    Given "ana" has a Facebook account
    And Google is down
    When "ana" signs in with Facebook
    Then "ana" is signed in
    And that fault fired never

  Scenario: The person sees the provider's own error page
    Given "ana" has a Facebook account
    And Facebook answers 503
    When "ana" tries to sign in with Facebook
    Then "ana" sees the error page, which says "Error 503"

  Scenario Outline: The browser finds nobody at <provider>
    Given "ana" has a <provider> account
    And <provider> <mishap>
    When "ana" tries to sign in with <provider>
    Then "ana" gets no answer
    And that fault fired once

    Examples:
      | provider  | mishap                 |
      | Facebook  | is down                |
      | GitHub    | resets connections     |
      | LinkedIn  | breaks off its answers |
      | Microsoft | is down                |
