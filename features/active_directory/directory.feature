Feature: The directory that programs see over LDAP

  Background:
    Given the directory speaks LDAP

  Scenario Outline: A program signs in by every form of a name (<name>)
    When a program signs in to the directory as "<name>" with the password "Passw0rd!jdoe"
    Then the directory does so

    Examples:
      | name                                          |
      | ACME\\jdoe                                    |
      | acme.example\\JDoe                            |
      | jdoe@acme.example                             |
      | CN=John Doe,OU=Engineering,DC=acme,DC=example |
      | cn=john doe, ou=engineering, dc=acme, dc=example |

  Scenario Outline: Who may not sign in is told why (<account> with <password>)
    When a program signs in to the directory as "ACME\<account>" with the password "<password>"
    Then the directory refuses with 49 "AcceptSecurityContext error, data <code>,"

    Examples:
      | account   | password           | code |
      | jdoe      | wrong              | 52e  |
      | nobody    | wrong              | 52e  |
      | sstale    | Passw0rd!sstale    | 532  |
      | ddisabled | Passw0rd!ddisabled | 533  |
      | ddisabled | wrong              | 52e  |
      | eexpired  | Passw0rd!eexpired  | 701  |
      | nnew      | Passw0rd!nnew      | 773  |
      | llocked   | Passw0rd!llocked   | 775  |
      | llocked   | wrong              | 775  |

  Scenario: Ten wrong passwords lock an account for ten minutes
    When somebody signs in to the directory as "ACME\jdoe" with a wrong password 10 times
    And a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the directory refuses with 49 "data 775"
    When 9 minutes pass
    And a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the directory refuses with 49 "data 775"
    When 2 minutes pass
    And a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the directory does so
    And in the directory "jdoe" has "badPwdCount" "0"

  Scenario: Wrong old passwords lock an account, too
    Given a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    And somebody signs in to the directory as "ACME\jdoe" with a wrong password 9 times
    When the program changes the password of "jdoe" from "wrong" to "Another-Secret-1" in the directory
    Then the directory refuses with 19 "00000056"
    When the program changes the password of "jdoe" from "Passw0rd!jdoe" to "Another-Secret-1" in the directory
    Then the directory refuses with 19 "00000775"
    When a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the directory refuses with 49 "data 775"

  Scenario: Wrong passwords are forgotten after a while
    When somebody signs in to the directory as "ACME\jdoe" with a wrong password 9 times
    And 11 minutes pass
    And somebody signs in to the directory as "ACME\jdoe" with a wrong password 9 times
    And a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the directory does so

  Scenario: An administrator unlocks an account
    Given somebody signs in to the directory as "ACME\jdoe" with a wrong password 10 times
    When the directory's administrator sets "lockoutTime" of "jdoe" to "0"
    And a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the directory does so

  Scenario: A password grows old
    When 43 days pass
    And a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the directory refuses with 49 "data 532"

  Scenario Outline: A program searches (<filter>)
    Given a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    When the program searches the directory for "<filter>"
    Then the program finds "<found>"

    Examples:
      | filter                                                                   | found                                  |
      | (sAMAccountName=JDOE)                                                    | jdoe                                   |
      | (mail=*.doe@*)                                                           | jdoe                                   |
      | (objectGUID=\\01\\01\\01\\01\\02\\02\\03\\03\\04\\04\\05\\05\\05\\05\\05\\05) | jdoe                              |
      | (&(objectCategory=person)(sn=doe))                                       | jdoe                                   |
      | (anr=john do)                                                            | jdoe                                   |
      | (&(mail=*)(userAccountControl:1.2.840.113556.1.4.803:=2))                | ddisabled                              |
      | (member:1.2.840.113556.1.4.1941:=CN=John Doe,OU=Engineering,DC=acme,DC=example) | Backend, Engineering, Staff, VPN Users |
      | (!(noSuchAttribute=x))                                                   |                                        |

  Scenario: Groups know their members, and members their groups, whatever they are called
    When the directory's administrator puts "minimal" into the group "VPN Users"
    Then in the directory "minimal" has "memberOf" "CN=VPN Users,CN=Users,DC=acme,DC=example"
    When the directory's administrator renames "minimal" to "CN=Maximal"
    Then in the directory "VPN Users" has "member" "CN=Maximal,CN=Users,DC=acme,DC=example"
    And in the directory "VPN Users" has no "member" "CN=Minimal,CN=Users,DC=acme,DC=example"
    When the directory's administrator deletes "minimal"
    Then in the directory "VPN Users" has no "member" "CN=Maximal,CN=Users,DC=acme,DC=example"

  Scenario: Only administrators write, and people change their own password
    Given a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    When the program sets "title" of "jdoe" to "CEO" in the directory
    Then the directory refuses with 50 "INSUFF_ACCESS_RIGHTS"
    And in the directory "jdoe" has "title" "Senior Engineer"
    When the program changes the password of "jdoe" from "wrong" to "Another-Secret-1" in the directory
    Then the directory refuses with 19 "00000056"
    When the program changes the password of "jdoe" from "Passw0rd!jdoe" to "weak" in the directory
    Then the directory refuses with 19 "0000052D"
    When the program changes the password of "jdoe" from "Passw0rd!jdoe" to "Another-Secret-1" in the directory
    Then the directory does so
    When a program signs in to the directory as "ACME\jdoe" with the password "Another-Secret-1"
    Then the directory does so

  Scenario: A password does not come again, unless an administrator sets it
    Given a program signs in to the directory as "ACME\jdoe" with the password "Passw0rd!jdoe"
    When the program changes the password of "jdoe" from "Passw0rd!jdoe" to "Another-Secret-1" in the directory
    Then the directory does so
    When the program changes the password of "jdoe" from "Another-Secret-1" to "Another-Secret-2" in the directory
    Then the directory does so
    When the program changes the password of "jdoe" from "Another-Secret-2" to "Another-Secret-1" in the directory
    Then the directory refuses with 19 "0000052D"
    When the directory's administrator gives "jdoe" the password "Another-Secret-1"
    And a program signs in to the directory as "ACME\jdoe" with the password "Another-Secret-1"
    Then the directory does so

  Scenario: What is changed in a fork's directory stays there
    Given a fork "staging"
    When the directory's administrator sets "title" of "jdoe" to "CEO"
    And the scenario goes on in the fork "staging"
    And "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is signed in
    When the scenario goes on where it began
    Then in the directory "jdoe" has "title" "CEO"
