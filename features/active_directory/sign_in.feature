Feature: Signing in with an account of the directory

  Background:
    Given the directory speaks LDAP

  Scenario Outline: People type what they are called in the directory (<typed>)
    When "john" signs in with the directory "acme-ad" as "<typed>" with the password "Passw0rd!jdoe"
    Then "john" is signed in
    And the ID token of "john" has "sub" "ad|acme-ad|01010101-0202-0303-0404-050505050505"
    And the ID token of "john" has "name" "John Doe"
    And the ID token of "john" has "given_name" "John"
    And the ID token of "john" has "family_name" "Doe"
    And the ID token of "john" has "nickname" "jdoe"
    And the ID token of "john" has "email" "john.doe@corp.acme.example"
    And the ID token of "john" has "email_verified" false

    Examples:
      | typed                      |
      | ACME\\jdoe                 |
      | jdoe                       |
      | JDoe                       |
      | jdoe@acme.example          |
      | john.doe@corp.acme.example |

  Scenario: A comma in somebody's name is none between the steps of it
    Given the directory's administrator renames "jdoe" to "CN=Doe\, John"
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is signed in
    And the profile of "john" has "dn" "CN=Doe\\, John,OU=Engineering,DC=acme,DC=example"
    And the profile of "john" has "groups" ["Backend", "Engineering", "Staff", "VPN Users"]

  Scenario: Groups come with those that they are in
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "groups" ["Backend", "Engineering", "Staff", "VPN Users"]
    And the profile of "john" has "department" "Engineering"
    And the profile of "john" has "manager" "CN=Zoë Müller,OU=Engineering,DC=acme,DC=example"

  Scenario Outline: Who is not let in sees why (<account>)
    When "somebody" signs in with the directory "acme-ad" as "ACME\<account>" with the password "<password>"
    Then "somebody" sees the error page, which says "<words>"
    And 0 users have the e-mail "<email>"

    Examples:
      | account   | password           | words                 | email                            |
      | jdoe      | wrong              | Wrong username        | john.doe@corp.acme.example       |
      | nobody    | Passw0rd!nobody    | Wrong username        | nobody@corp.acme.example         |
      | *         | Passw0rd!jdoe      | Wrong username        | john.doe@corp.acme.example       |
      | ddisabled | Passw0rd!ddisabled | account is disabled   | dana.disabled@corp.acme.example  |
      | eexpired  | Passw0rd!eexpired  | account has expired   | evan.expired@corp.acme.example   |
      | llocked   | Passw0rd!llocked   | account is locked     | lola.locked@corp.acme.example    |

  Scenario: Whoever is disabled later is turned away at the next login, and not before
    Given "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    When the directory's administrator sets "userAccountControl" of "jdoe" to "514"
    And "john" comes back to the app
    Then "john" is signed in
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" sees the error page, which says "account is disabled"

  Scenario: What changes in the directory is seen at the next login
    Given "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    When the directory's administrator takes "jdoe" out of the group "Backend"
    And the directory's administrator sets "mail" of "jdoe" to "jd@corp.acme.example"
    And the directory's administrator renames "jdoe" to "CN=Jonathan Doe"
    Then the profile of "john" has "groups" ["Backend", "Engineering", "Staff", "VPN Users"]
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "groups" ["VPN Users"]
    And the profile of "john" has "email" "jd@corp.acme.example"
    And the profile of "john" has "dn" "CN=Jonathan Doe,OU=Engineering,DC=acme,DC=example"
    And "john" is still the same user

  Scenario: A new password is good, and the old one is not
    When the directory's administrator gives "jdoe" the password "Another-Secret-1"
    And "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" sees the error page, which says "Wrong username"
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Another-Secret-1"
    Then "john" is signed in

  Scenario: An address of the company leads to its directory, without any button
    When "john" types "john.doe@corp.acme.example" and the password "Passw0rd!jdoe" on the login page
    Then the ID token of "john" has "sub" "ad|acme-ad|01010101-0202-0303-0404-050505050505"

  Scenario: Somebody without an address, names or groups
    When "min" signs in with the directory "acme-ad" as "ACME\minimal" with the password "Passw0rd!minimal"
    Then "min" is signed in
    And the profile of "min" has "groups" []
    And the ID token of "min" has "nickname" "minimal"
    And the ID token of "min" has no "email"

  Scenario: Letters of other languages
    When "zoe" signs in with the directory "acme-ad" as "zmueller" with the password "Passw0rd!zmueller"
    Then the ID token of "zoe" has "name" "Zoë Müller"
    And the profile of "zoe" has "groups" ["Engineering", "Staff"]
