Feature: Signing in with LinkedIn, Microsoft and GitHub

  Scenario Outline: Somebody signs in with <provider> and is a user with the provider's id
    Given "ana" has a <provider> account with "<id>" <value>
    When "ana" signs in with <provider>
    Then the profile of "ana" has "user_id" "<user_id>"
    And the profile of "ana" has "identities.0.user_id" <value>
    And the profile of "ana" has "identities.0.provider" "<connection>"
    And the profile of "ana" has "identities.0.connection" "<connection>"
    And the profile of "ana" has "identities.0.isSocial" true
    And the ID token of "ana" has "sub" "<user_id>"

    Examples:
      | provider  | connection  | id  | value              | user_id                       |
      | LinkedIn  | linkedin    | sub | "q1W2e3R4t5"       | linkedin\|q1W2e3R4t5          |
      | Microsoft | windowslive | id  | "0f1e2d3c4b5a6978" | windowslive\|0f1e2d3c4b5a6978 |
      | GitHub    | github      | id  | 5832310            | github\|5832310               |

  Scenario Outline: The app may skip our own page and go to <provider> at once
    Given "ana" has a <provider> account
    And the app sends "connection" as "<connection>"
    When "ana" signs in with <provider>
    Then "ana" is signed in

    Examples:
      | provider  | connection  |
      | LinkedIn  | linkedin    |
      | Microsoft | windowslive |
      | GitHub    | github      |

  Scenario Outline: Somebody who turns back at <provider> is no user, and the app is told in the provider's words
    Given "ana" has a <provider> account with "<email>" "ana@somewhere.example"
    When "ana" turns back at <provider>
    Then "ana" is sent back with the error "access_denied", "<description>"
    And 0 users have the e-mail "ana@somewhere.example"

    Examples:
      | provider  | email             | description                                              |
      | LinkedIn  | email             | The user cancelled the authorization                     |
      | Microsoft | userPrincipalName | AADSTS65004: User declined to consent to access the app. |
      | GitHub    | email             | The user has denied your application access.             |

  Scenario Outline: A second login with <provider> is the same user's
    Given "ana" has a <provider> account
    And "ana" signs in with <provider>
    When "ana" signs in with <provider>
    Then "ana" is still the same user
    And the profile of "ana" has "logins_count" 2

    Examples:
      | provider  |
      | LinkedIn  |
      | Microsoft |
      | GitHub    |

  Scenario: GitHub gives apps no token of somebody who has not confirmed the address
    Given "ana" has a GitHub account with "emails" [{"email": "ana@somewhere.example", "verified": false}]
    When "ana" tries to sign in with GitHub
    Then "ana" is sent back with the error "access_denied", "The user must have a verified primary email."
    And 0 users have the e-mail "ana@somewhere.example"

  Scenario: The token that the provider gave is kept with the identity
    Given "ana" has a GitHub account
    And "bo" has a LinkedIn account
    And "cai" has a Microsoft account
    When "ana" signs in with GitHub
    And "bo" signs in with LinkedIn
    And "cai" signs in with Microsoft
    Then the profile of "ana" has "identities.0.access_token" like "gho_{anything}"
    And the profile of "ana" has no "identities.0.expires_in"
    And the profile of "bo" has "identities.0.access_token" like "AQX{anything}"
    And the profile of "bo" has "identities.0.expires_in" 5183999
    And the profile of "cai" has "identities.0.access_token" like "EwB{anything}"
    And the profile of "cai" has "identities.0.expires_in" 3600

  Scenario: Somebody without any address signs in with Microsoft
    Given "ana" has a Microsoft account with:
      | displayName       | Ana  |
      | userPrincipalName | null |
    When "ana" signs in with Microsoft
    Then the profile of "ana" has "name" "Ana"
    And the profile of "ana" has no "email"
