Feature: What goes wrong at the tenant because a test asked for it

  Scenario Outline: The <part> answers <status>, in its own form
    Given the <part> answers <status>
    When somebody asks for "<request>"
    Then that answer is <status>
    And that answer has "<member>" <value>
    And that fault fired once

    Examples:
      | part               | request                               | status | member     | value                         |
      | token endpoint     | POST /oauth/token                     | 500    | error      | "server_error"                |
      | token endpoint     | POST /oauth/token                     | 503    | error      | "temporarily_unavailable"     |
      | userinfo endpoint  | GET /userinfo                         | 500    | error      | "server_error"                |
      | key set            | GET /.well-known/jwks.json            | 502    | error      | "server_error"                |
      | discovery document | GET /.well-known/openid-configuration | 503    | error      | "temporarily_unavailable"     |
      | Management API     | GET /api/v2/users                     | 500    | statusCode | 500                           |
      | Management API     | GET /api/v2/users                     | 503    | error      | "Service Unavailable"         |
      | Management API     | GET /api/v2/users                     | 429    | message    | "Global limit has been reached" |
      | tenant             | GET /api/v2/clients                   | 429    | errorCode  | "too_many_requests"           |

  Scenario: A limit comes with its headers, and is lifted by the tenant's clock
    Given the time is "2031-05-04T10:00:00.000Z"
    And the Management API answers 429
    When somebody asks for "GET /api/v2/users"
    Then that answer is 429
    And that answer has the header "x-ratelimit-limit" with "2"
    And that answer has the header "x-ratelimit-remaining" with "0"
    And that answer has the header "x-ratelimit-reset" with "1935655260"
    And that answer has the header "retry-after" with "60"
    When 1 minute passes
    And somebody asks for "GET /api/v2/users"
    Then that answer is 401
    And that fault fired once

  Scenario: The token endpoint turns the app away twice
    Given the token endpoint answers 429 twice
    When "acme-machine" asks for a token for the API "https://api.acme.example/"
    Then the app is refused with "too_many_requests", "Global limit has been reached"
    When "acme-machine" asks for a token for the API "https://api.acme.example/"
    Then the app is refused with "too_many_requests", "Global limit has been reached"
    When "acme-machine" asks for a token for the API "https://api.acme.example/"
    Then that fault fired twice

  Scenario Outline: The connection comes to no good end: the tenant <mishap>
    Given the tenant <mishap>
    When somebody asks for "GET /.well-known/openid-configuration"
    Then there is no whole answer
    And that fault fired once
    When that fault is over
    And somebody asks for "GET /.well-known/openid-configuration"
    Then that answer is 200

    Examples:
      | mishap                 |
      | is down                |
      | resets connections     |
      | breaks off its answers |

  Scenario: A slow answer is a whole one
    Given the discovery document answers bit by bit
    When somebody asks for "GET /.well-known/openid-configuration"
    Then that answer is 200

  Scenario: One endpoint is named by its path
    Given the endpoint "GET /api/v2/users/*" answers 500
    When somebody asks for "GET /api/v2/users/auth0%7C1/roles"
    Then that answer is 500
    When somebody asks for "GET /api/v2/users"
    Then that answer is 401

  Scenario: One app is struck, and others are not
    Given the token endpoint answers 503 for the app "acme-machine"
    When "acme-machine" asks for a token for the API "https://api.acme.example/"
    Then the app is refused with "temporarily_unavailable", "The service is temporarily unavailable. Please try again later."
    Given "ana" has a database account
    And the app is "acme-web"
    When the app signs "ana" in with her password
    Then that fault fired once

  Scenario: One person is struck, and others are not
    Given "ana" has a database account
    And "bo" has a database account
    And the token endpoint answers 503 about "ana"
    When the app signs "bo" in with his password
    Then that fault fired never
    When the app signs "ana" in with her password
    Then the app is refused with "temporarily_unavailable", "The service is temporarily unavailable. Please try again later."
    And that fault fired once

  Scenario: Nothing goes wrong unless asked for
    Given the tenant answers 500
    When all faults are over
    And somebody asks for "GET /.well-known/openid-configuration"
    Then that answer is 200

  Scenario: The app finds nobody at the token endpoint
    Given "ana" has a database account
    And the token endpoint is down
    When "ana" tries to sign in with the database
    Then "ana" gets no answer
    When that fault is over
    And "ana" signs in with the database
    Then "ana" is signed in
