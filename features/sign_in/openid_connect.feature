Feature: Signing in at a company's own OpenID provider

  Scenario: The claims of the ID token become the profile
    Given "ona" has an OpenID account with:
      | name       | Ona Fake           |
      | email      | ona@people.example |
      | department | Engineering        |
      | level      | 3                  |
    When "ona" signs in with OpenID
    Then the profile of "ona" has "name" "Ona Fake"
    And the profile of "ona" has "email" "ona@people.example"
    And the profile of "ona" has "department" "Engineering"
    And the profile of "ona" has "level" 3
    And the profile of "ona" has "user_id" "oidc|acme-oidc|{OpenID sub}"

  Scenario: Claims whose names are restricted stay outside the profile
    Given "ona" has an OpenID account with "groups" ["engineering"]
    When "ona" signs in with OpenID
    Then the profile of "ona" has no "groups"
    And the profile of "ona" has no "iss"

  Scenario: What UserInfo alone says is not asked for
    Given "ona" has an OpenID account with "userinfo" {"shoe_size": 38}
    When "ona" signs in with OpenID
    Then the profile of "ona" has no "shoe_size"

  Scenario: Somebody without an e-mail address
    Given "ona" has an OpenID account without "email"
    When "ona" signs in with OpenID
    Then the profile of "ona" has no "email"

  Scenario: What is not granted is not known
    Given "ona" has an OpenID account
    When "ona" signs in with OpenID, declining "email"
    Then the profile of "ona" has no "email"

  Scenario: Somebody turns back at the provider, and the app is told
    Given "ona" has an OpenID account with "email" "ona@people.example"
    When "ona" turns back at OpenID
    Then "ona" is sent back with the error "access_denied", "The resource owner denied the request."
    And 0 users have the e-mail "ona@people.example"

  Scenario: The app may skip our own page and go to the provider at once
    Given "ona" has an OpenID account
    And the app sends "connection" as "acme-oidc"
    When "ona" signs in with OpenID
    Then "ona" is signed in

  Scenario: By the front channel the browser brings the ID token along, and there is no code
    Given an administrator sets the option "type" of the connection "acme-oidc" to "front_channel"
    And "ona" has an OpenID account with "department" "Engineering"
    When "ona" signs in with OpenID
    Then the profile of "ona" has "department" "Engineering"

  Scenario: Who turns back is told of by the front channel as well
    Given an administrator sets the option "type" of the connection "acme-oidc" to "front_channel"
    And "ona" has an OpenID account
    When "ona" turns back at OpenID
    Then "ona" is sent back with the error "access_denied", "The resource owner denied the request."

  Scenario: UserInfo is asked where the connection wants its scope
    Given an administrator sets the option "attribute_map" of the connection "acme-oidc" to {"mapping_mode": "bind_all", "userinfo_scope": "profile"}
    And "ona" has an OpenID account with "userinfo" {"shoe_size": 38}
    When "ona" signs in with OpenID
    Then the profile of "ona" has "shoe_size" 38

  Scenario: A map names every attribute, and what it doesn't name is dropped
    Given an administrator sets the option "attribute_map" of the connection "acme-oidc" to {"mapping_mode": "use_map", "attributes": {"team": "${context.tokenset.groups}", "size": "${context.userinfo.shoe_size}"}}
    And "ona" has an OpenID account with:
      | groups   | ["engineering"]   |
      | level    | 3                 |
      | userinfo | {"shoe_size": 38} |
    When "ona" signs in with OpenID
    Then the profile of "ona" has "team" ["engineering"]
    And the profile of "ona" has "size" 38
    And the profile of "ona" has no "level"
