Feature: Signing in with AD FS, whose people are those of the directory

  Scenario: Somebody of the directory signs in by WS-Federation
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is signed in
    And the ID token of "john" has "sub" "adfs|acme-adfs|jdoe@acme.example"
    And the ID token of "john" has "email" "john.doe@corp.acme.example"
    And the ID token of "john" has "email_verified" true
    And the ID token of "john" has "name" "John Doe"
    And the ID token of "john" has "given_name" "John"
    And the ID token of "john" has "family_name" "Doe"
    And the profile of "john" has "upn" "jdoe@acme.example"
    And the profile of "john" has "group" ["Backend", "Domain Users", "Engineering", "Staff", "Users", "VPN Users"]
    And the profile of "john" has "issuer"
    And the profile of "john" has "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname" "ACME\\jdoe"

  Scenario: One company has several doors
    When "john" signs in with the directory "acme-ad" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    And "doe" signs in with the directory "acme-adfs" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the ID token of "doe" has "sub" "adfs|acme-adfs|jdoe@acme.example"
    And the ID token of "doe" has "email" "john.doe@corp.acme.example"
    And the ID token of "john" has "email" "john.doe@corp.acme.example"

  Scenario: An account that is disabled in the directory is disabled at once
    Given the directory speaks LDAP
    And the directory's administrator sets "userAccountControl" of "jdoe" to "514"
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" reads "Your account can't be used."

  Scenario Outline: The directory decides who may come in (<account>)
    When "somebody" signs in with the directory "acme-adfs" as "ACME\<account>" with the password "<password>"
    Then "somebody" reads "<text>"

    Examples:
      | account   | password           | text                                            |
      | jdoe      | wrong              | Incorrect user ID or password.                  |
      | nobody    | wrong              | Incorrect user ID or password.                  |
      | llocked   | Passw0rd!llocked   | Incorrect user ID or password.                  |
      | ddisabled | Passw0rd!ddisabled | Your account can't be used.                     |
      | eexpired  | Passw0rd!eexpired  | Your account can't be used.                     |
      | sstale    | Passw0rd!sstale    | You must update your password                   |

  Scenario: An administrator chooses what people are known by
    Given an administrator sets the option "user_id_attribute" of the connection "acme-adfs" to "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the ID token of "john" has "sub" "adfs|acme-adfs|john.doe@corp.acme.example"

  Scenario: E-mail addresses are as good as the connection says
    Given an administrator sets the option "should_trust_email_verified_connection" of the connection "acme-adfs" to "never_set_emails_as_verified"
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the ID token of "john" has "email_verified" false

  Scenario: Who must sign in again is asked by AD FS, too
    Given "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    When "john" comes back to the app by the connection "acme-adfs"
    Then "john" reads "User account"

  Scenario: Who signs out everywhere is signed out at AD FS
    Given "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    When "john" signs out everywhere
    And "john" comes back to the app
    Then "john" is asked to sign in

  Scenario: A token service that can't be reached is told to the app
    Given an administrator sets the option "adfs_server" of the connection "acme-adfs" to "http://127.0.0.1:1/"
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is sent back with the error "server_error"

  Scenario Outline: A token that is <form> is refused, and the log says why
    Given "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    And the tokens of AD FS are "<form>"
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then "john" is sent back with the error "access_denied"
    And the tenant's log says that the check "<check>" failed

    Examples:
      | form               | check      |
      | unsigned           | signature  |
      | wrong-key          | thumbprint |
      | expired            | expiry     |
      | not-yet-valid      | not_before |
      | wrong-audience     | audience   |
      | wrong-issuer       | issuer     |
      | comment-in-name-id | schema     |
      | external-entity    | xml        |
      | sha1               | algorithm  |
      | replayed           | replay     |

  Scenario: A token may say no more than a name
    Given the tokens of AD FS are "no-attributes"
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the ID token of "john" has "sub" "adfs|acme-adfs|jdoe@acme.example"
    And the ID token of "john" has no "email"

  Scenario: Without a name, people are known by their principal name
    Given the tokens of AD FS are "no-name-id"
    When "john" signs in with the directory "acme-adfs" as "ACME\jdoe" with the password "Passw0rd!jdoe"
    Then the ID token of "john" has "sub" "adfs|acme-adfs|jdoe@acme.example"
