@management @clients
Feature: Administrators configure clients
  An app is a client of the tenant. What is changed over the Management API holds for its next request.

  Background:
    Given "ana" has a database account

  Scenario: A new app signs people in at once
    Given an administrator creates a client with {"name":"Shop","callbacks":["http://localhost:8484/callback"]}
    And the app is "Shop"
    And an administrator lets the app use the connection "Username-Password-Authentication"
    When "ana" signs in with the database
    Then the header of the ID token of "ana" has "alg" "HS256"

  Scenario: A new app is complete
    When an administrator creates a client with {"name":"Shop"}
    Then the client "Shop" has "grant_types" ["authorization_code", "implicit", "refresh_token", "client_credentials"]
    And the client "Shop" has "oidc_conformant" false
    And the client "Shop" has "jwt_configuration.lifetime_in_seconds" 36000
    And the client "Shop" has "refresh_token.rotation_type" "non-rotating"
    And the client "Shop" has no "app_type"

  Scenario: The algorithm and the lifetime of ID tokens are the client's
    Given an administrator changes the client "acme-web" with {"jwt_configuration":{"alg":"HS256","lifetime_in_seconds":60}}
    When "ana" signs in with the database
    Then the header of the ID token of "ana" has "alg" "HS256"
    And the ID token of "ana" lives for 1 minute
    When an administrator changes the client "acme-web" with {"jwt_configuration":{"alg":"RS256"}}
    And "ana" signs in with the database
    Then the header of the ID token of "ana" has "alg" "RS256"
    And the ID token of "ana" lives for 1 minute

  Scenario: A callback that is taken off the list is none any more
    Given "ana" signs in with the database
    When an administrator changes the client "acme-web" with {"callbacks":["https://elsewhere.example/callback"]}
    And "ana" tries to sign in with the database
    Then "ana" sees the error page, which says "Callback URL mismatch."

  Scenario: A grant that is taken from a client is refused
    Given the app signs "ana" in with her password
    When an administrator changes the client "acme-web" with {"grant_types":["authorization_code"]}
    And the app signs "ana" in with her password
    Then the app is refused with "unauthorized_client", "Grant type 'http://auth0.com/oauth/grant-type/password-realm' not allowed for the client."

  Scenario: After a change of secrets the old one opens nothing
    Given the app signs "ana" in with her password
    When an administrator gives the client "acme-web" a new secret
    And the app signs "ana" in with her password
    Then the app is refused with "access_denied", "Unauthorized"

  Scenario: A deleted app is unknown
    Given "ana" signs in with the database
    When an administrator deletes the client "acme-web"
    Then there is no client "acme-web"
    When "ana" tries to sign in with the database
    Then "ana" sees the error page, which says "Unknown client: acme-web"

  Scenario: Metadata is merged, and null takes away
    Given an administrator changes the client "acme-web" with {"client_metadata":{"plan":"gold","region":"eu"}}
    When an administrator changes the client "acme-web" with {"client_metadata":{"region":null,"team":"blue"}}
    Then the client "acme-web" has "client_metadata" {"plan":"gold","team":"blue"}

  Scenario Outline: What is no client is refused: <why>
    When an administrator tries to create a client with <body>
    Then the administrator is told "<message>"

    Examples:
      | why                            | body                                                          | message                                                                                                                        |
      | no name                        | {}                                                            | Payload validation error: 'Missing required property: name'.                                                                   |
      | a name with marks of a page    | {"name":"<b>"}                                                | Payload validation error: 'String does not match pattern ^[^<>]+$: <b>' on property name.                                      |
      | a script as callback           | {"name":"a","callbacks":["javascript:alert(1)"]}              | Payload validation error: 'Object didn't pass validation for format callback-url: javascript:alert(1)' on property callbacks[0]. |
      | a page as callback             | {"name":"a","callbacks":["data:text/html,x"]}                 | Payload validation error: 'Object didn't pass validation for format callback-url: data:text/html,x' on property callbacks[0].   |
      | a callback with a fragment     | {"name":"a","callbacks":["https://app.example/#x"]}           | Payload validation error: 'Object didn't pass validation for format callback-url: https://app.example/#x' on property callbacks[0]. |
      | an app type of nobody          | {"name":"a","app_type":"toaster"}                             | Payload validation error: 'No enum match for: toaster' on property app_type.                                                   |
      | a setting of nobody            | {"name":"a","colour":"green"}                                 | Payload validation error: 'Additional properties not allowed: colour'.                                                         |
      | tokens that rotate for ever    | {"name":"a","refresh_token":{"rotation_type":"rotating","expiration_type":"non-expiring"}} | refresh_token.expiration_type must be expiring when refresh_token.rotation_type is rotating        |
