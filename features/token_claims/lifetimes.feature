Feature: How long tokens live

  Background:
    Given "ana" has a database account

  Scenario Outline: The app says how long its ID tokens live: <lifetime>
    Given the app has its ID tokens live for <lifetime>
    When "ana" signs in with the database
    Then the ID token of "ana" lives for <lifetime>

    Examples:
      | lifetime   |
      | 10 minutes |
      | 10 hours   |
      | 30 days    |

  Scenario Outline: The API says how long its access tokens live: <lifetime>
    Given the app asks for the API "<api>"
    When "ana" signs in with the database
    Then the access token of "ana" lives for <lifetime>
    And the token answer of "ana" has "expires_in" <seconds>

    Examples:
      | api                                | lifetime   | seconds |
      | https://api.acme.example/          | 24 hours   | 86400   |
      | https://payments.api.acme.example/ | 10 minutes | 600     |

  Scenario Outline: Access tokens that go to the browser itself live shorter: <lifetime>
    Given the app sends "response_type" as "token id_token"
    And the app asks for the API "<api>"
    When "ana" signs in with the database
    Then the access token of "ana" lives for <lifetime>
    And the token answer of "ana" has "expires_in" <seconds>

    Examples:
      | api                                | lifetime  | seconds |
      | https://api.acme.example/          | 2 hours   | 7200    |
      | https://payments.api.acme.example/ | 5 minutes | 300     |

  Scenario Outline: An opaque access token lives for a day, or in a browser for two hours: <response type>
    Given the app sends "response_type" as "<response type>"
    And "ana" signs in with the database
    When <just before> pass
    Then userinfo takes the access token of "ana"
    When 2 seconds pass
    Then userinfo refuses the access token of "ana"

    Examples:
      | response type  | just before   |
      | code           | 86399 seconds |
      | token id_token | 7199 seconds  |

  Scenario: An access token for an API is no good at userinfo either when its time is over
    Given the app asks for the API "https://api.acme.example/"
    And "ana" signs in with the database
    When 25 hours pass
    Then userinfo refuses the access token of "ana"

  Scenario: What an ID token lives for does not bear on the access token
    Given the app has its ID tokens live for 1 minute
    When "ana" signs in with the database
    And 1 hour passes
    Then userinfo takes the access token of "ana"
