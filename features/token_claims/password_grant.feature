Feature: What an app gets that hands the password in itself

  Background:
    Given "ana" has a database account
    And the app is "acme-native"

  Scenario: Without scopes it gets all that is usual, and is told so
    When the app signs "ana" in with her password
    Then the token answer of "ana" has "scope" "openid profile email address phone"
    And the ID token of "ana" has "email"

  Scenario: Without scopes, but for an API, it gets all scopes of the API as well
    Given the app asks for the API "https://api.acme.example/"
    When the app signs "ana" in with her password
    Then the token answer of "ana" has "scope" "openid profile email address phone read:orders write:orders read:reports"

  Scenario Outline: Asked for "<asked>" the answer has <told>
    Given the app asks for the API "https://api.acme.example/"
    And the app asks for the scopes "<asked>"
    When the app signs "ana" in with her password
    Then the token answer of "ana" has <told>

    Examples:
      | asked                     | told                         |
      | openid                    | no "scope"                   |
      | openid read:orders        | no "scope"                   |
      | openid read:orders fly    | "scope" "openid read:orders" |
      | profile read:reports      | no "id_token"                |
      | openid offline_access     | "refresh_token"              |

  Scenario: The ID token names no session, because there is no browser to have one
    When the app signs "ana" in with her password
    Then the ID token of "ana" has no "sid"

  Scenario: The token of an API that nobody knows is refused
    Given the app asks for the API "https://nowhere.example/"
    When the app signs "ana" in with her password
    Then the app is refused with "access_denied", "Service not enabled within domain: https://nowhere.example/"
