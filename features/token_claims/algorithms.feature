Feature: How tokens are signed

  An app says how it wants its ID tokens signed, an API says how it wants its access tokens: RS256 or PS256 with the
  tenant's key, which is published, or HS256 with a secret that both sides know. In every scenario here the app checks
  the signature, and takes no token whose signature is wrong.

  Background:
    Given "ana" has a database account

  Scenario Outline: An app may have its ID tokens signed with <algorithm>
    Given the app has its ID tokens signed with "<algorithm>"
    When "ana" signs in with the database
    Then the header of the ID token of "ana" has "alg" "<algorithm>"
    And the header of the ID token of "ana" has "typ" "JWT"

    Examples:
      | algorithm |
      | RS256     |
      | PS256     |
      | HS256     |

  Scenario: A token that is signed with the tenant's key names the key
    When "ana" signs in with the database
    Then the ID token of "ana" is signed with the tenant's "current" key

  Scenario: A token that is signed with the app's secret names no key
    Given the app has its ID tokens signed with "HS256"
    When "ana" signs in with the database
    Then the header of the ID token of "ana" has no "kid"

  Scenario: An app that can't keep a secret gets RS256 instead of HS256
    Given the app is "acme-spa"
    And the app has its ID tokens signed with "HS256"
    When "ana" signs in with the database
    Then the header of the ID token of "ana" has "alg" "RS256"

  Scenario Outline: An API that wants <algorithm> gets access tokens signed so
    Given the app asks for the API "<api>"
    When "ana" signs in with the database
    Then the header of the access token of "ana" has "alg" "<algorithm>"
    And the header of the ID token of "ana" has "alg" "RS256"

    Examples:
      | algorithm | api                                |
      | RS256     | https://api.acme.example/          |
      | HS256     | https://legacy.api.acme.example/   |
      | PS256     | https://payments.api.acme.example/ |

  Scenario Outline: A machine's access token is signed as the API wants, too
    When "acme-machine" asks for a token for the API "<api>"
    Then the header of the access token of "acme-machine" has "alg" "<algorithm>"

    Examples:
      | algorithm | api                                |
      | RS256     | https://api.acme.example/          |
      | HS256     | https://legacy.api.acme.example/   |
      | PS256     | https://payments.api.acme.example/ |

  Scenario Outline: A token that is not signed with RS256 is for its API alone, and no good for userinfo
    Given the app asks for the API "<api>"
    When "ana" signs in with the database
    Then the access token of "ana" has "aud" "<api>"
    And userinfo refuses the access token of "ana"

    Examples:
      | api                                |
      | https://legacy.api.acme.example/   |
      | https://payments.api.acme.example/ |

  Scenario: A token that is signed with RS256 is for its API and for userinfo
    Given the app asks for the API "https://api.acme.example/"
    When "ana" signs in with the database
    Then userinfo takes the access token of "ana"
