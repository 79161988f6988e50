Feature: Which claims a scope brings

  Background:
    Given "ana" has a Google account with:
      | email          | ana@somewhere.example             |
      | email_verified | true                           |
      | name           | Ana Ruiz                       |
      | given_name     | Ana                            |
      | family_name    | Ruiz                           |
      | picture        | https://somewhere.example/ana.png |
      | locale         | null                           |
      | hd             | somewhere.example                 |

  Scenario: With "openid" alone the app learns who it is and no more
    Given the app asks for the scope "openid"
    When "ana" signs in with Google
    Then the ID token of "ana" has only "iss, sub, aud, iat, exp, sid, nonce"
    And the userinfo of "ana" has only "sub"

  Scenario: With all the usual scopes the ID token is complete
    Given the app asks for the scopes "openid profile email"
    When "ana" signs in with Google
    Then the ID token of "ana" has only "given_name, family_name, nickname, name, picture, updated_at, email, email_verified, iss, sub, aud, iat, exp, sid, nonce"
    And the userinfo of "ana" has only "sub, given_name, family_name, nickname, name, picture, updated_at, email, email_verified"

  Scenario Outline: "<scope>" brings "<claim>", to the ID token and to userinfo alike
    Given the app asks for the scopes "openid <scope>"
    When "ana" signs in with Google
    Then the ID token of "ana" has "<claim>" <value>
    And the userinfo of "ana" has "<claim>" <value>

    Examples:
      | scope   | claim          | value                            |
      | profile | name           | "Ana Ruiz"                       |
      | profile | given_name     | "Ana"                            |
      | profile | family_name    | "Ruiz"                           |
      | profile | nickname       | "ana"                            |
      | profile | picture        | "https://somewhere.example/ana.png" |
      | email   | email          | "ana@somewhere.example"             |
      | email   | email_verified | true                             |

  Scenario Outline: "<scope>" does not bring "<claim>"
    Given the app asks for the scopes "openid <scope>"
    When "ana" signs in with Google
    Then the ID token of "ana" has no "<claim>"
    And the userinfo of "ana" has no "<claim>"

    Examples:
      | scope   | claim         |
      | profile | email         |
      | email   | name          |
      | email   | picture       |
      | profile | hd            |
      | profile | identities    |
      | profile | user_metadata |
      | profile | app_metadata  |
      | profile | created_at    |

  Scenario: Without "openid" there is no ID token
    Given the app asks for the scopes "profile email"
    When "ana" signs in with Google
    Then the token answer of "ana" has no "id_token"
    And the token answer of "ana" has "access_token"

  Scenario: A scope that nobody knows is left out without a word
    Given the app asks for the scopes "openid fly"
    When "ana" signs in with Google
    Then the token answer of "ana" has "scope" "openid"

  Scenario: Scopes that were granted as asked for are not repeated
    Given the app asks for the scopes "openid email"
    When "ana" signs in with Google
    Then the token answer of "ana" has no "scope"

  Scenario Outline: "<scope>" brings "<claim>" where the profile has it
    Given "bo" has a Google account with "<attribute>" <value>
    And the app asks for the scopes "openid <scope>"
    When "bo" signs in with Google
    Then the ID token of "bo" has "<claim>" <value>
    And the userinfo of "bo" has "<claim>" <value>

    Examples:
      | scope   | claim              | attribute          | value                      |
      | profile | middle_name        | middle_name        | "Kai"                      |
      | profile | preferred_username | preferred_username | "bolind"                   |
      | profile | profile            | profile            | "https://bo.example/me"    |
      | profile | website            | website            | "https://bo.example/"      |
      | profile | gender             | gender             | "male"                     |
      | profile | birthdate          | birthdate          | "1990-03-04"               |
      | profile | zoneinfo           | zoneinfo           | "Europe/Lisbon"            |
      | profile | locale             | locale             | "pt"                       |
      | address | address            | address            | {"country":"PT"}           |

  Scenario: A provider's own words are never claims: Facebook's "birthday" is not the standard's "birthdate"
    Given "cy" has a Facebook account with "birthday" "03/04/1990"
    And the app sends "connection_scope" as "user_birthday"
    And the app asks for the scopes "openid profile email"
    When "cy" signs in with Facebook
    Then the profile of "cy" has "birthday" "03/04/1990"
    And the ID token of "cy" has no "birthday"
    And the ID token of "cy" has no "birthdate"
    And the userinfo of "cy" has no "birthdate"

  Scenario Outline: The single scope "<scope>" brings its claim to an app of old
    Given the app is not OIDC conformant
    And the app asks for the scopes "openid <scope>"
    When "ana" signs in with Google
    Then the ID token of "ana" has "<scope>"
    And the userinfo of "ana" has "<scope>"
    And the token answer of "ana" has no "scope"

    Examples:
      | scope          |
      | name           |
      | given_name     |
      | family_name    |
      | nickname       |
      | email          |
      | email_verified |
      | picture        |
      | created_at     |
      | identities     |

  Scenario Outline: For an app of today "<scope>" is no scope
    Given the app asks for the scopes "openid <scope>"
    When "ana" signs in with Google
    Then the ID token of "ana" has no "<scope>"
    And the token answer of "ana" has "scope" "openid"

    Examples:
      | scope      |
      | name       |
      | nickname   |
      | created_at |
      | identities |
