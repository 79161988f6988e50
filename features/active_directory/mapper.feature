Feature: What the connector tells of a person

  Scenario: What the real connector's mapper gives, and nothing else of the entry
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "user_id" "ad|acme-ad|01010101-0202-0303-0404-050505050505"
    And the profile of "john" has "name" "John Doe"
    And the profile of "john" has "nickname" "jdoe"
    And the profile of "john" has "dn" "CN=John Doe,OU=Engineering,DC=acme,DC=example"
    And the profile of "john" has "distinguishedName" "CN=John Doe,OU=Engineering,DC=acme,DC=example"
    And the profile of "john" has "organizationUnits" "CN=John Doe,OU=Engineering,DC=acme,DC=example"
    And the profile of "john" has "sAMAccountName" "jdoe"
    And the profile of "john" has "userPrincipalName" "jdoe@acme.example"
    And the profile of "john" has "mailNickname" "jdoe"
    And the profile of "john" has "telephoneNumber" "+1 555 0100"
    And the profile of "john" has "company" "Acme Inc."
    And the profile of "john" has "co" "Portugal"
    And the profile of "john" has "st" "Lisboa"
    And the profile of "john" has "postalCode" "1000-001"
    And the profile of "john" has "description" "Knows where everything is"
    And the profile of "john" has no "mobile"
    And the profile of "john" has no "title"
    And the profile of "john" has no "employeeNumber"
    And the profile of "john" has no "thumbnailPhoto"
    And the profile of "john" has no "objectSid"
    And the profile of "john" has no "userAccountControl"

  Scenario: The trace tells where an attribute came from
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the trace of "john" says that "displayName" became "name"

  Scenario: What must not be kept is not kept
    Given an administrator sets the option "non_persistent_attrs" of the connection "acme-ad" to ["groups", "manager"]
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the profile of "john" has no "groups"
    And the profile of "john" has no "manager"
    And the profile of "john" has "department" "Engineering"
