@microsoft
Feature: The profile of somebody who signs in with a personal Microsoft account

  Scenario Outline: Microsoft's <microsoft> becomes the <ours>
    Given "mia" has a Microsoft account with "<microsoft>" "<value>"
    When "mia" signs in with Microsoft
    Then the profile of "mia" has "<ours>" "<value>"
    And the profile of "mia" has no "<microsoft>"
    And the trace of "mia" says that "<microsoft>" became "<ours>"

    Examples:
      | microsoft         | ours        | value              |
      | displayName       | name        | Mia Soft           |
      | givenName         | given_name  | Mia                |
      | surname           | family_name | Soft               |
      | mail              | email       | mia@somewhere.example |
      | preferredLanguage | locale      | pt-PT              |

  Scenario: The user's id is made of Microsoft's own
    Given "mia" has a Microsoft account with "id" "0a1b2c3d4e5f60ff"
    When "mia" signs in with Microsoft
    Then the profile of "mia" has "user_id" "windowslive|0a1b2c3d4e5f60ff"
    And the profile of "mia" has "identities.0.user_id" "0a1b2c3d4e5f60ff"
    And the profile of "mia" has "identities.0.provider" "windowslive"
    And the profile of "mia" has "identities.0.isSocial" true
    And the profile of "mia" has no "id"

  Scenario: The name of the account is the address of who has no mailbox
    Given "noah" has a Microsoft account with:
      | mail              | null                |
      | userPrincipalName | noah@somewhere.example |
    When "noah" signs in with Microsoft
    Then the profile of "noah" has "email" "noah@somewhere.example"
    And the trace of "noah" says that "userPrincipalName" became "email"

  Scenario: A mailbox beats the name of the account, which is not kept
    Given "noah" has a Microsoft account with:
      | mail              | noah@elsewhere.example   |
      | userPrincipalName | noah@somewhere.example |
    When "noah" signs in with Microsoft
    Then the profile of "noah" has "email" "noah@elsewhere.example"
    And the profile of "noah" has no "userPrincipalName"
    And the trace of "noah" says that "userPrincipalName" was "dropped"

  Scenario: An address counts as verified, is the nickname in full, and gives a picture
    Given "mia" has a Microsoft account with "mail" "mia@somewhere.example"
    When "mia" signs in with Microsoft
    Then the profile of "mia" has "email_verified" true
    And the profile of "mia" has "nickname" "mia@somewhere.example"
    And the profile of "mia" has "picture" like "https://s.gravatar.com/avatar/{anything}"

  Scenario: The older Live service lists addresses of every kind, and the list is kept
    Given an administrator replaces the options of the connection "windowslive" by {"strategy_version":1,"emails":true,"scope":["wl.emails"]}
    And "mia" has a Microsoft account with:
      | givenName | Mia                |
      | mail      | mia@somewhere.example |
    When "mia" signs in with Microsoft
    Then the profile of "mia" has "given_name" "Mia"
    And the profile of "mia" has "email" "mia@somewhere.example"
    And the profile of "mia" has "emails.0" "mia@somewhere.example"
    And the trace of "mia" says that "first_name" became "given_name"
