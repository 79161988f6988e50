Feature: What an access token is and says

  Background:
    Given "ana" has a database account

  Scenario: Without an API the access token is opaque, and good for userinfo
    When "ana" signs in with the database
    Then the access token of "ana" is opaque
    And the token answer of "ana" has "token_type" "Bearer"
    And the token answer of "ana" has "expires_in" 86400
    And the userinfo of "ana" has "sub" like "auth0|{anything}"

  Scenario: For an API it is a JWT for the API and for userinfo
    Given the app asks for the API "https://api.acme.example/"
    When "ana" signs in with the database
    Then the access token of "ana" has "aud" ["https://api.acme.example/", "{issuer}userinfo"]
    And the access token of "ana" has "iss" "{issuer}"
    And the access token of "ana" has "azp" "{client}"
    And the access token of "ana" has "sub" like "auth0|{anything}"
    And the access token of "ana" has "scope" "openid profile email"
    And the access token of "ana" has no "gty"
    And the userinfo of "ana" has "sub" like "auth0|{anything}"

  Scenario: It says nothing about the person
    Given the app asks for the API "https://api.acme.example/"
    When "ana" signs in with the database
    Then the access token of "ana" has only "iss, sub, aud, iat, exp, scope, azp"

  Scenario: Without "openid" it is for the API alone
    Given the app asks for the API "https://api.acme.example/"
    And the app asks for the scope "profile"
    When "ana" signs in with the database
    Then the access token of "ana" has "aud" "https://api.acme.example/"

  Scenario: An API that nobody knows is an error
    Given the app asks for the API "https://nowhere.example/"
    When "ana" tries to sign in with the database
    Then "ana" is sent back with the error "invalid_request", "Service not found: https://nowhere.example/"

  Scenario: A machine gets a token of its own
    When "acme-machine" asks for a token for the API "https://api.acme.example/"
    Then the access token of "acme-machine" has "sub" "acme-machine@clients"
    And the access token of "acme-machine" has "gty" "client-credentials"
    And the access token of "acme-machine" has "azp" "acme-machine"
    And the access token of "acme-machine" has "aud" "https://api.acme.example/"
    And the token answer of "acme-machine" has no "id_token"
    And the token answer of "acme-machine" has no "refresh_token"

  Scenario: A machine gets no token for an API that nobody knows
    When "acme-machine" asks for a token for the API "https://nowhere.example/"
    Then the app is refused with "access_denied", "Service not enabled within domain: https://nowhere.example/"
