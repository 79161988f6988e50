Feature: What people may do at an API, and what their tokens say of it

  An API can have its scopes given to everybody who asks, or only to who has the permission. A permission comes directly
  or by a role.

  Background:
    Given "ana" has a database account
    And an administrator creates "ines" with:
      | email    | ines@people.example |
      | password | Passw0rd!ines       |

  Rule: Scopes are those that were asked for and are permitted

    Background:
      Given the API "https://shop.example/" with permissions "read:stock write:stock count:stock"
      And the app asks for the API "https://shop.example/"
      And the app asks for the scopes "openid read:stock write:stock"

    Scenario: Who has no permission gets none of the API's scopes
      When "ines" signs in with the database
      Then the access token of "ines" has "scope" "openid"
      And the access token of "ines" has "permissions" []

    Scenario: A role gives its permissions
      Given the role "clerk" may "read:stock count:stock" at "https://shop.example/"
      And "ines" gets the role "clerk"
      When "ines" signs in with the database
      Then the access token of "ines" has "scope" "openid read:stock"
      And the access token of "ines" has "permissions" ["count:stock", "read:stock"]

    Scenario: A permission can be given directly
      Given "ines" gets the permission "write:stock" at "https://shop.example/"
      When "ines" signs in with the database
      Then the access token of "ines" has "scope" "openid write:stock"
      And the access token of "ines" has "permissions" ["write:stock"]

    Scenario: What comes directly and by several roles is put together
      Given the role "clerk" may "read:stock" at "https://shop.example/"
      And the role "auditor" may "read:stock count:stock" at "https://shop.example/"
      And "ines" gets the role "clerk"
      And "ines" gets the role "auditor"
      And "ines" gets the permission "write:stock" at "https://shop.example/"
      When "ines" signs in with the database
      Then the access token of "ines" has "permissions" ["count:stock", "read:stock", "write:stock"]
      And the access token of "ines" has "scope" "openid read:stock write:stock"

    Scenario: A role without permissions gives none
      Given the role "visitor"
      And "ines" gets the role "visitor"
      When "ines" signs in with the database
      Then the access token of "ines" has "permissions" []

    Scenario: A role that is taken away takes its permissions with it, at the next login
      Given the role "clerk" may "read:stock" at "https://shop.example/"
      And "ines" gets the role "clerk"
      When "ines" loses the role "clerk"
      And "ines" signs in with the database
      Then the access token of "ines" has "permissions" []
      And "ines" has the roles ""

    Scenario: What a role loses, everybody who has it loses
      Given the role "clerk" may "read:stock write:stock" at "https://shop.example/"
      And "ines" gets the role "clerk"
      When the role "clerk" may no longer "write:stock" at "https://shop.example/"
      And "ines" signs in with the database
      Then the access token of "ines" has "permissions" ["read:stock"]

    Scenario: A deleted role is nobody's
      Given the role "clerk" may "read:stock" at "https://shop.example/"
      And "ines" gets the role "clerk"
      When the role "clerk" is deleted
      And "ines" signs in with the database
      Then the access token of "ines" has "permissions" []
      And "ines" has the roles ""

    Scenario: A permission taken away stays if a role gives it, too
      Given the role "clerk" may "read:stock" at "https://shop.example/"
      And "ines" gets the role "clerk"
      And "ines" gets the permission "read:stock" at "https://shop.example/"
      Then "ines" may "read:stock" by "directly, clerk"
      When "ines" loses the permission "read:stock" at "https://shop.example/"
      And "ines" signs in with the database
      Then the access token of "ines" has "permissions" ["read:stock"]
      And "ines" may "read:stock" by "clerk"

    Scenario: One person's permissions are not another's
      Given "ines" gets the permission "read:stock" at "https://shop.example/"
      And an administrator creates "otto" with:
        | email    | otto@people.example |
        | password | Passw0rd!otto       |
      When "otto" signs in with the database
      Then the access token of "otto" has "permissions" []

    Scenario: A scope that the API no longer has is nobody's permission
      Given the role "clerk" may "write:stock" at "https://shop.example/"
      And "ines" gets the role "clerk"
      And "ines" gets the permissions "read:stock write:stock" at "https://shop.example/"
      When the API "https://shop.example/" loses the scope "write:stock"
      And "ines" signs in with the database
      Then the access token of "ines" has "permissions" ["read:stock"]

    Scenario: An API that was deleted leaves no permissions behind for one of the same name
      Given "ines" gets the permission "read:stock" at "https://shop.example/"
      When the API "https://shop.example/" is deleted and made anew with permissions "read:stock"
      And "ines" signs in with the database
      Then the access token of "ines" has "permissions" []

    Scenario: Refreshed tokens say what holds by then
      Given the app asks for the scopes "openid offline_access read:stock write:stock"
      And "ines" gets the permissions "read:stock write:stock" at "https://shop.example/"
      And "ines" signs in with the database
      When "ines" loses the permission "write:stock" at "https://shop.example/"
      And "ines" gets the permission "count:stock" at "https://shop.example/"
      And the app refreshes the tokens of "ines"
      Then the access token of "ines" has "scope" "openid offline_access read:stock"
      And the access token of "ines" has "permissions" ["count:stock", "read:stock"]

    Scenario: An app that hands in the password gets no more
      Given the app is "acme-native"
      And "ines" gets the permission "read:stock" at "https://shop.example/"
      When the app signs "ines" in with her password
      Then the access token of "ines" has "scope" "openid read:stock"
      And the access token of "ines" has "permissions" ["read:stock"]

  Rule: The API decides whether permissions count, and whether its tokens tell them

    Scenario: An API open to all gives every scope that it has
      Given the API "https://blog.example/" open to all, with scopes "read:posts write:posts"
      And the app asks for the API "https://blog.example/"
      And the app asks for the scopes "openid read:posts delete:posts"
      When "ines" signs in with the database
      Then the access token of "ines" has "scope" "openid read:posts"
      And the access token of "ines" has no "permissions"

    Scenario: Permissions at one API are none at another
      Given the API "https://shop.example/" with permissions "read:stock"
      And the API "https://store.example/" with permissions "read:stock"
      And "ines" gets the permission "read:stock" at "https://store.example/"
      And the app asks for the API "https://shop.example/"
      When "ines" signs in with the database
      Then the access token of "ines" has "permissions" []

    Scenario Outline: A token of the dialect <dialect> tells the permissions, where they count: <enforced>
      Given the API "https://shop.example/" with permissions "read:stock"
      And the API "https://shop.example/" has "token_dialect" set to "<dialect>"
      And the API "https://shop.example/" has "enforce_policies" set to <enforced>
      And "ines" gets the permission "read:stock" at "https://shop.example/"
      And the app asks for the API "https://shop.example/"
      And the app asks for the scopes "openid read:stock"
      When "ines" signs in with the database
      Then the access token of "ines" has "scope" "openid read:stock"
      And the access token of "ines" <told>

      Examples:
        | dialect               | enforced | told                               |
        | access_token          | true     | has no "permissions"               |
        | access_token_authz    | true     | has "permissions" ["read:stock"]   |
        | rfc9068_profile       | true     | has no "permissions"               |
        | rfc9068_profile_authz | true     | has "permissions" ["read:stock"]   |
        | access_token_authz    | false    | has no "permissions"               |
        | rfc9068_profile_authz | false    | has no "permissions"               |

  Rule: Administrators see and are told

    Scenario: Who has a role, in the order in which they got it
      Given the role "clerk"
      And "ana" signs in with the database
      When "ines" gets the role "clerk"
      Then the people of the role "clerk" are "ines@people.example"

    Scenario: Only what an API defines can be permitted
      Given the API "https://shop.example/" with permissions "read:stock"
      When an administrator tries to give "ines" the permission "read:stock" at "https://nowhere.example/"
      Then the administrator is told "The resource server does not exist."
      When an administrator tries to give "ines" the permission "fly" at "https://shop.example/"
      Then the administrator is told "The permission fly does not exist in the resource server."

    Scenario: Two roles have not the same name
      Given the role "clerk"
      When an administrator tries to make the role "clerk"
      Then the administrator is told "The role already exists."

    Scenario: Who is deleted has no role any more
      Given the role "clerk"
      And "ines" gets the role "clerk"
      When an administrator deletes "ines"
      Then the people of the role "clerk" are ""
