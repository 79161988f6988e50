Feature: Tokens that come by the browser itself

  An app may ask for tokens without a code (`response_type`). They come in the address's fragment, or in a form that
  posts itself to the app.

  Background:
    Given "ana" has a database account

  Scenario Outline: "<response type>" binds the ID token to what came with it
    Given the app sends "response_type" as "<response type>"
    When "ana" signs in with the database
    Then the ID token of "ana" has <at_hash>
    And the ID token of "ana" has <c_hash>

    Examples:
      | response type       | at_hash      | c_hash      |
      | id_token            | no "at_hash" | no "c_hash" |
      | token id_token      | "at_hash"    | no "c_hash" |
      | code id_token       | no "at_hash" | "c_hash"    |
      | code token id_token | "at_hash"    | "c_hash"    |

  Scenario: An ID token that comes for a code is bound to nothing
    When "ana" signs in with the database
    Then the ID token of "ana" has no "at_hash"
    And the ID token of "ana" has no "c_hash"

  Scenario: A server-side app may take nothing but an ID token, in a form
    Given the app sends "response_type" as "id_token"
    And the app sends "response_mode" as "form_post"
    When "ana" signs in with the database
    Then the answer about "ana" comes by "form_post"
    And the ID token of "ana" has "email"
    And the token answer of "ana" has no "access_token"

  Scenario: Tokens come in the fragment unless the app wants them otherwise
    Given the app sends "response_type" as "id_token"
    When "ana" signs in with the database
    Then the answer about "ana" comes by "fragment"

  Scenario: Tokens never travel in a query
    Given the app sends "response_type" as "id_token"
    And the app sends "response_mode" as "query"
    When "ana" tries to sign in with the database
    Then "ana" is sent back with the error "invalid_request"

  Scenario: An ID token that comes by the browser wants a nonce
    Given the app sends "response_type" as "id_token"
    And the app does not send "nonce"
    When "ana" tries to sign in with the database
    Then "ana" is sent back with the error "invalid_request", "Missing required parameter: nonce"

  Scenario: The answer tells the scopes that were granted
    Given the app sends "response_type" as "token id_token"
    And the app asks for the scopes "openid email fly"
    When "ana" signs in with the database
    Then the token answer of "ana" has "scope" "openid email"
