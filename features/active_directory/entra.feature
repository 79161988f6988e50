Feature: Signing in with Microsoft Entra ID, whose people are those of the directory

  Scenario: Somebody of the directory signs in
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then "john" is signed in
    And the ID token of "john" has "name" "John Doe"
    And the ID token of "john" has "given_name" "John"
    And the ID token of "john" has "family_name" "Doe"
    And the ID token of "john" has "nickname" "jdoe"
    And the ID token of "john" has "email" "john.doe@corp.acme.example"
    And the ID token of "john" has "email_verified" false
    And the profile of "john" has "upn" "jdoe@acme.example"
    And the profile of "john" has "oid"
    And the profile of "john" has "tenantid"

  Scenario: What the directory says of them comes along
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "job_title" "Senior Engineer"
    And the profile of "john" has "department" "Engineering"
    And the profile of "john" has "physical_delivery_office_name" "Lisbon 2.14"
    And the profile of "john" has "mobile" "+1 555 0101"
    And the profile of "john" has "phone" "+1 555 0100"
    And the profile of "john" has "city" "Lisbon"
    And the profile of "john" has "country" "Portugal"
    And the profile of "john" has "street_address" "Rua do Exemplo 1"
    And the profile of "john" has "usage_location" "PT"
    And the profile of "john" has "account_enabled" true
    And the profile of "john" has no "employeeId"

  Scenario: Without their options neither comes along
    Given an administrator sets the option "ext_profile" of the connection "acme-entra" to false
    And an administrator sets the option "ext_groups" of the connection "acme-entra" to false
    And an administrator sets the option "ext_department" of the connection "acme-entra" to true
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "department" "Engineering"
    And the profile of "john" has "given_name" "John"
    And the profile of "john" has no "job_title"
    And the profile of "john" has no "groups"

  Scenario: Groups are those that name the person, and with nested ones those too that these are in
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "groups" ["Backend", "VPN Users"]
    When an administrator sets the option "ext_nested_groups" of the connection "acme-entra" to true
    And "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "groups" ["Backend", "Engineering", "Staff", "VPN Users"]

  Scenario: A connection reads so many groups and no more
    Given an administrator sets the option "ext_nested_groups" of the connection "acme-entra" to true
    And an administrator sets the option "max_groups_to_retrieve" of the connection "acme-entra" to "3"
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "groups" ["Backend", "Engineering", "Staff"]

  Scenario Outline: The directory decides who may come in (<account>)
    When "somebody" signs in with the directory "acme-entra" as "<account>@acme.example" with the password "<password>"
    Then "somebody" reads "<text>"

    Examples:
      | account   | password           | text         |
      | jdoe      | wrong              | AADSTS50126  |
      | nobody    | wrong              | AADSTS50034  |
      | llocked   | Passw0rd!llocked   | AADSTS50053  |
      | ddisabled | Passw0rd!ddisabled | AADSTS50057  |
      | eexpired  | Passw0rd!eexpired  | AADSTS50057  |
      | sstale    | Passw0rd!sstale    | AADSTS50055  |
      | nnew      | Passw0rd!nnew      | AADSTS50055  |

  Scenario: An account that is disabled in the directory is disabled at once
    Given the directory speaks LDAP
    And "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    When the directory's administrator sets "userAccountControl" of "jdoe" to "514"
    And "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then "john" reads "Your account has been disabled"

  Scenario: What changes in the directory is seen at the next login
    Given the directory speaks LDAP
    And "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    When the directory's administrator takes "jdoe" out of the group "Backend"
    And the directory's administrator sets "title" of "jdoe" to "CEO"
    And "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "groups" ["VPN Users"]
    And the profile of "john" has "job_title" "CEO"
    And "john" is still the same user

  Scenario: Wrong passwords at one door lock the account at all of them
    Given the directory speaks LDAP
    And somebody signs in to the directory as "ACME\jdoe" with a wrong password 10 times
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then "john" reads "AADSTS50053"

  Scenario: An address of the company leads to its own page, without any button
    Given an administrator sets the option "tenant_domain" of the connection "acme-entra" to "acme.example"
    When "john" types "jdoe@acme.example" and the password "Passw0rd!jdoe" on the login page
    Then "john" is signed in
    And the profile of "john" has "upn" "jdoe@acme.example"
    And the profile of "john" has "job_title" "Senior Engineer"

  Scenario: So does an address at another of its domains
    Given an administrator sets the option "domain_aliases" of the connection "acme-entra" to ["acme.example"]
    When "john" types "jdoe@acme.example" and the password "Passw0rd!jdoe" on the login page
    Then the profile of "john" has "job_title" "Senior Engineer"

  Scenario Outline: Every way to the directory leads there (<option> <value>)
    Given an administrator sets the option "<option>" of the connection "acme-entra" to <value>
    When "john" signs in with the directory "acme-entra" as "<typed>" with the password "Passw0rd!jdoe"
    Then the profile of "john" has "upn" "jdoe@acme.example"
    And the profile of "john" has "groups" ["Backend", "VPN Users"]

    Examples:
      | option        | value                        | typed                      |
      | identity_api  | "azure-active-directory-v1.0" | jdoe@acme.example         |
      | tenant_domain | "acme.onmicrosoft.com"       | jdoe@acme.example          |
      | tenant_domain | ""                           | jdoe@acme.example          |
      | tenant_domain | "acme.example"               | john.doe@corp.acme.example |

  Scenario: At the endpoint for everybody, an address tells whose people are meant
    Given an administrator sets the option "waad_common_endpoint" of the connection "acme-entra" to true
    And an administrator sets the option "domain_aliases" of the connection "acme-entra" to ["acme.example"]
    When "john" types "jdoe@acme.example" and the password "Passw0rd!jdoe" on the login page
    Then the profile of "john" has "upn" "jdoe@acme.example"
    And the profile of "john" has "groups" ["Backend", "VPN Users"]

  Scenario: A directory that there is none of is told to the app
    Given an administrator sets the option "tenant_domain" of the connection "acme-entra" to "nowhere.example"
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then "john" is sent back with the error "server_error"

  Scenario: An administrator chooses what people are known by
    Given "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    When an administrator sets the option "userid_attribute" of the connection "acme-entra" to "sub"
    And "doe" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the profile of "doe" has "upn" "jdoe@acme.example"
    And 2 users have the e-mail "john.doe@corp.acme.example"

  Scenario: E-mail addresses are as good as the connection says
    Given an administrator sets the option "should_trust_email_verified_connection" of the connection "acme-entra" to "always_set_emails_as_verified"
    When "john" signs in with the directory "acme-entra" as "jdoe@acme.example" with the password "Passw0rd!jdoe"
    Then the ID token of "john" has "email_verified" true

  Scenario: Somebody without an address, names or groups
    When "min" signs in with the directory "acme-entra" as "minimal@acme.example" with the password "Passw0rd!minimal"
    Then "min" is signed in
    And the ID token of "min" has "nickname" "minimal"
    And the profile of "min" has "groups" []

  Scenario: Letters of other languages
    When "zoe" signs in with the directory "acme-entra" as "zmueller@acme.example" with the password "Passw0rd!zmueller"
    Then the ID token of "zoe" has "name" "Zoë Müller"
