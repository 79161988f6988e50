@database
Feature: The profile of somebody who has a password with us
  The tenant is the identity provider here: what nobody told it, it makes up from the e-mail address.

  Scenario: Name, nickname and picture are made up from the e-mail address
    When an administrator creates "ines" with:
      | email | ines@somewhere.example |
    Then the profile of "ines" has "name" "ines@somewhere.example"
    And the profile of "ines" has "nickname" "ines"
    And the profile of "ines" has "picture" "https://s.gravatar.com/avatar/2856841bc1a801b2ef157a8ee46c1d03?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fin.png"
    And the profile of "ines" has "email_verified" false

  Scenario: Somebody's first and last name do not make a full name
    When an administrator creates "ines" with:
      | email       | ines@somewhere.example |
      | given_name  | Inês                |
      | family_name | Duarte              |
    Then the profile of "ines" has "given_name" "Inês"
    And the profile of "ines" has "family_name" "Duarte"
    And the profile of "ines" has "name" "ines@somewhere.example"

  Scenario: A name of one's own is kept and does not change the nickname
    When an administrator creates "ines" with:
      | email | ines@somewhere.example |
      | name  | Inês Duarte         |
    Then the profile of "ines" has "name" "Inês Duarte"
    And the profile of "ines" has "nickname" "ines"

  Scenario: A picture of one's own is kept
    When an administrator creates "ines" with:
      | email   | ines@somewhere.example               |
      | picture | https://somewhere.example/ines.png   |
    Then the profile of "ines" has "picture" "https://somewhere.example/ines.png"

  Scenario: E-mail addresses are kept in small letters
    When an administrator creates "ines" with:
      | email | Ines.DUARTE@Somewhere.example |
    Then the profile of "ines" has "email" "ines.duarte@somewhere.example"

  Scenario: The user's id says that the tenant keeps the password
    When an administrator creates "ines" with:
      | email | ines@somewhere.example |
    Then the profile of "ines" has "user_id" like "auth0|{24 hex digits}"
    And the profile of "ines" has "identities.0.provider" "auth0"
    And the profile of "ines" has "identities.0.connection" "Username-Password-Authentication"
    And the profile of "ines" has "identities.0.isSocial" false
    And the profile of "ines" has "identities.0.user_id" like "{24 hex digits}"
    And the profile of "ines" has no "identities.1"

  Scenario: An administrator may choose the id
    When an administrator creates "ines" with:
      | email   | ines@somewhere.example |
      | user_id | employee-7          |
    Then the profile of "ines" has "user_id" "auth0|employee-7"

  Scenario: A new user has nothing that has not happened yet
    When an administrator creates "ines" with:
      | email | ines@somewhere.example |
    Then the profile of "ines" has only "created_at, email, email_verified, identities, name, nickname, picture, updated_at, user_id"
    And the profile of "ines" has "created_at" like "{time}"
    And "created_at" and "updated_at" in the profile of "ines" are the same

  Scenario: Somebody who signs up gets the same kind of profile
    When "ines" signs up with the e-mail "Ines@somewhere.example" and the password "Passw0rd!ines"
    Then "ines" is signed in
    And the profile of "ines" has "email" "ines@somewhere.example"
    And the profile of "ines" has "name" "ines@somewhere.example"
    And the profile of "ines" has "nickname" "ines"
    And the profile of "ines" has "email_verified" false
    And the profile of "ines" has "user_id" like "auth0|{24 hex digits}"
