Feature: Logins without a browser

  The harness walks the real redirects and pages by itself, as a given person.

  Scenario: Somebody with a password
    Given "ana" has a database account
    When the harness signs "ana" in with the database
    Then the harness saw the app get an ID token with "aud" "acme-web"

  Scenario Outline: Somebody with an account at a provider
    Given "bo" has a <provider> account
    When the harness signs "bo" in with "<connection>"
    Then the harness saw the app get an ID token with "aud" "acme-web"

    Examples:
      | provider  | connection    |
      | Google    | google-oauth2 |
      | Facebook  | facebook      |
      | GitHub    | github        |
      | LinkedIn  | linkedin      |
      | Microsoft | windowslive   |
      | OpenID    | acme-oidc     |
      | Apple     | apple         |

  Scenario: A wrong password stops at the page that says so
    Given "ana" has a database account
    When the harness signs "ana" in with the password "wrong"
    Then the harness stopped at a page that says "Wrong email or password"

  Scenario: Somebody turns back at the provider
    Given "bo" has a Google account
    When the harness has "bo" turn back at "google-oauth2"
    Then the harness saw the app receive "error" "access_denied"
