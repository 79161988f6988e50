Feature: The journal shows what crossed the tenant's boundaries

  A test author sees what the app asked of the tenant, and what the tenant asked of the providers.

  Scenario: A login with Google asks Google for a token once
    Given "ana" has a Google account
    And the app is "acme-web"
    When "ana" signs in with Google
    Then the tenant asked Google's "POST /token" once
    And the tenant asked Facebook's "*" never
    And "acme-web" called "POST /oauth/token" once
    And nobody called "/userinfo"

  Scenario: The calls of a login come in their order
    Given "ana" has a Google account
    When "ana" signs in with Google
    Then these calls happened in order:
      | tenant | GET /authorize      |
      | google | POST /token         |
      | tenant | GET /login/callback |
      | tenant | POST /oauth/token   |

  Scenario: Forgotten calls count no more
    Given somebody asks for "GET /.well-known/jwks.json"
    When the journal is cleared
    Then nobody called "/.well-known/jwks.json"
    When somebody asks for "GET /.well-known/jwks.json"
    Then "GET /.well-known/jwks.json" was answered 200 once

  Scenario: A request that a fault struck is there as it was answered
    Given the endpoint "/userinfo" answers 503
    When somebody asks for "GET /userinfo"
    Then "GET /userinfo" was answered 503 once
