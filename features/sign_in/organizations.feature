Feature: Logins to an organization

  An app signs people in to an organization by naming it. Only its members get in, and their tokens say which one it was.

  Background:
    Given the organization "globex"
    And "ana" has a database account

  Scenario: A member's tokens name the organization
    Given "ana" joins the organization "globex"
    And the app is for the organization "globex"
    And the app asks for the API "https://api.acme.example/"
    When "ana" signs in with the database
    Then the tokens of "ana" are for the organization "globex"

  Scenario: Who is no member is refused
    Given the app is for the organization "globex"
    When "ana" tries to sign in with the database
    Then "ana" is sent back with the error "invalid_request"

  Scenario: Who left is refused, even with a session
    Given "ana" joins the organization "globex"
    And the app is for the organization "globex"
    And "ana" signs in with the database
    When "ana" leaves the organization "globex"
    And "ana" comes back to the app
    Then "ana" is sent back with the error "invalid_request"

  Scenario: Tokens of a login without an organization name none
    Given "ana" joins the organization "globex"
    When "ana" signs in with the database
    Then the ID token of "ana" has no "org_id"

  Scenario: An app that may not name one is told so
    Given the app is "acme-spa"
    And the app sends "organization" as "org_1"
    When "ana" opens the app in another browser
    Then "ana" is sent back with the error "invalid_request", "parameter organization is not allowed for this client"

  Scenario: A role counts in the organization that it was given for
    Given the API "https://shop.example/" with permissions "read:stock write:stock"
    And the role "clerk" may "read:stock" at "https://shop.example/"
    And "ana" joins the organization "globex"
    And "ana" has the role "clerk" in the organization "globex"
    And the app asks for the API "https://shop.example/"
    When "ana" signs in with the database
    Then the access token of "ana" has "permissions" []
    When the app is for the organization "globex"
    And "ana" signs in with the database
    Then the access token of "ana" has "permissions" ["read:stock"]

  Scenario: A refreshed token is still for the organization
    Given "ana" joins the organization "globex"
    And the app is for the organization "globex"
    And the app asks for the scopes "openid offline_access"
    And the app asks for the API "https://api.acme.example/"
    And "ana" signs in with the database
    When the app refreshes the tokens of "ana"
    Then the tokens of "ana" are for the organization "globex"

  Scenario: A connection can make members of everybody
    Given people join the organization "globex" by signing in with "google-oauth2"
    And "bo" has a Google account
    And the app is for the organization "globex"
    When "bo" signs in with Google
    Then the tokens of "bo" are for the organization "globex"

  Scenario: People sign in with the organization's own connections alone
    Given people sign in to the organization "globex" with "google-oauth2"
    And the app is for the organization "globex"
    And the app sends "connection" as "Username-Password-Authentication"
    When "ana" opens the app in another browser
    Then "ana" is sent back with the error "invalid_request", "the connection is not enabled"
