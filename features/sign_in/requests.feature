Feature: What apps may ask for, and in which way they are answered

  Background:
    Given "ana" has a database account

  Scenario Outline: The answer comes by <mode> if the app wants that
    Given the app sends "response_mode" as "<mode>"
    When "ana" signs in with the database
    Then the answer about "ana" comes by "<mode>"

    Examples:
      | mode        |
      | query       |
      | fragment    |
      | form_post   |
      | web_message |

  Scenario: An address that is not the app's gets nothing, not even an error
    Given the app sends "redirect_uri" as "https://evil.example/callback"
    When "ana" opens the app in another browser
    Then "ana" sees the error page, which says "Callback URL mismatch."

  Scenario: An app that nobody knows gets nothing, not even an error
    Given the app sends "client_id" as "nobody"
    When "ana" opens the app in another browser
    Then "ana" sees the error page, which says "nobody"

  Scenario: An app that does not say what it wants is told so
    Given the app does not send "response_type"
    When "ana" opens the app in another browser
    Then "ana" is sent back with the error "invalid_request", "Missing required parameter: response_type"

  Scenario: A connection that is not the app's is an error
    Given the app sends "connection" as "no-such-connection"
    When "ana" opens the app in another browser
    Then "ana" is sent back with the error "invalid_request", "the connection is not enabled"

  Scenario: A code is worth one exchange
    Given "ana" signs in with the database
    When the app tries to redeem the code of "ana" again
    Then the app is refused with "invalid_grant", "Invalid authorization code"

  Scenario: A code is worth nothing without the verifier that belongs to it
    Given the app sends "code_challenge" as "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    When "ana" tries to sign in with the database
    Then "ana" is sent back with the error "invalid_grant", "Failed to verify code verifier"

  Scenario: A hint fills in the address
    Given the app sends "login_hint" as "ana@somewhere.example"
    When "ana" opens the app in another browser
    Then "ana" is asked to sign in
    And "ana" finds "ana@somewhere.example" in the field "username"
