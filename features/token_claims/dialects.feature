Feature: The dialects of access tokens

  An API chooses the words of its access tokens: those that have always been the tenant's (`access_token`), or those of
  RFC 9068 (`rfc9068_profile`). Either may tell permissions as well.

  Background:
    Given "ana" has a database account

  Scenario Outline: The type in the header of <dialect> is <type>
    Given the app asks for the API "<api>"
    When "ana" signs in with the database
    Then the header of the access token of "ana" has "typ" "<type>"

    Examples:
      | dialect         | type   | api                                |
      | access_token    | JWT    | https://api.acme.example/          |
      | rfc9068_profile | at+jwt | https://payments.api.acme.example/ |

  Scenario Outline: In <dialect> "<claim>" names the app
    Given the app asks for the API "<api>"
    When "ana" signs in with the database
    Then the access token of "ana" has "<claim>" "{client}"
    And the access token of "ana" has no "<other>"

    Examples:
      | dialect         | claim     | other     | api                                |
      | access_token    | azp       | client_id | https://api.acme.example/          |
      | rfc9068_profile | client_id | azp       | https://payments.api.acme.example/ |

  Scenario: RFC 9068 gives every token a number, which the tenant's own words don't
    Given the app asks for the API "https://payments.api.acme.example/"
    When "ana" signs in with the database
    Then the access token of "ana" has only "iss, sub, aud, iat, exp, scope, jti, client_id"

  Scenario Outline: How <who> got a token is told in the tenant's own words alone
    Given the app is "acme-native"
    And the app asks for the API "<api>"
    When the app signs "ana" in with her password
    Then the access token of "ana" has <told>

    Examples:
      | who           | told             | api                                |
      | ana           | "gty" "password" | https://api.acme.example/          |
      | ana elsewhere | no "gty"         | https://payments.api.acme.example/ |

  Scenario Outline: A machine's token <tells> in the words of its API
    When "acme-machine" asks for a token for the API "<api>"
    Then the access token of "acme-machine" has "sub" "acme-machine@clients"
    And the access token of "acme-machine" has only "<claims>"

    Examples:
      | tells                    | api                                | claims                                           |
      | tells how it was granted | https://api.acme.example/          | iss, sub, aud, iat, exp, scope, gty, azp         |
      | has a number             | https://payments.api.acme.example/ | iss, sub, aud, iat, exp, scope, jti, client_id   |

  Scenario: After a login by code nothing tells how the token came
    Given the app asks for the API "https://api.acme.example/"
    When "ana" signs in with the database
    Then the access token of "ana" has no "gty"

  Scenario: A refreshed token tells that it was refreshed
    Given the app asks for the API "https://api.acme.example/"
    And the app asks for the scopes "openid offline_access"
    And "ana" signs in with the database
    When the app refreshes the tokens of "ana"
    Then the access token of "ana" has "gty" "refresh_token"

  Scenario: A refreshed token tells what it first came of, if that has a word
    Given the app is "acme-native"
    And the app asks for the API "https://api.acme.example/"
    And the app asks for the scopes "openid offline_access"
    And the app signs "ana" in with her password
    When the app refreshes the tokens of "ana"
    Then the access token of "ana" has "gty" ["refresh_token", "password"]
