Feature: The profile of somebody who has no password: a code by e-mail or SMS

  Scenario: Somebody of the e-mail connection is named by the address
    When an administrator creates "eva" at the connection "email" with:
      | email | eva@somewhere.example |
    Then the profile of "eva" has "user_id" like "email|{24 hex digits}"
    And the profile of "eva" has "name" "eva@somewhere.example"
    And the profile of "eva" has "nickname" "eva"
    And the profile of "eva" has "identities.0.provider" "email"
    And the profile of "eva" has "identities.0.isSocial" false
    And the trace of "eva" says that "nickname" was "generated"

  Scenario: Somebody of the SMS connection is named by the number, and has the usual picture and no nickname
    When an administrator creates "sam" at the connection "sms" with:
      | phone_number | +14255550100 |
    Then the profile of "sam" has "user_id" like "sms|{24 hex digits}"
    And the profile of "sam" has "name" "+14255550100"
    And the profile of "sam" has "picture" "https://cdn.auth0.com/avatars/default.png"
    And the profile of "sam" has no "nickname"
    And the profile of "sam" has no "email"
    And the profile of "sam" has "identities.0.provider" "sms"
    And the profile of "sam" has "identities.0.isSocial" false

  Scenario: A name of one's own is kept
    When an administrator creates "sam" at the connection "sms" with:
      | phone_number | +14255550100 |
      | name         | Sam          |
    Then the profile of "sam" has "name" "Sam"
    And the trace of "sam" says that "picture" was "generated"
