Feature: Signing in without a password, by a code or a link that is sent

  Scenario Outline: Somebody who is new signs in with the code that they are sent
    When "pat" signs in with a code sent to "<address>"
    Then the profile of "pat" has "<attribute>" "<address>"
    And the profile of "pat" has "<verified>" true
    And the profile of "pat" has "user_id" like "<connection>|{24 hex digits}"
    And the profile of "pat" has "logins_count" 1
    And the profile of "pat" has "identities.0.connection" "<connection>"
    When "pat" signs in with a code sent to "<address>"
    Then the profile of "pat" has "logins_count" 2

    Examples:
      | connection | attribute    | verified       | address              |
      | email      | email        | email_verified | new@somewhere.example |
      | sms        | phone_number | phone_verified | +15555550123         |

  Scenario: What is sent says the code, an SMS in the words of the connection
    When the app has a code sent to "+15555550123"
    And the app has a code sent to "pat@somewhere.example"
    Then the message to "+15555550123" says "Your code at Acme is CODE"
    And the message to "pat@somewhere.example" says "Your code to sign in at Acme is CODE."

  Scenario: The app signs somebody in with the code that they tell it
    When the app has a code sent to "pat@somewhere.example"
    And the app signs "pat" in with the code sent to "pat@somewhere.example"
    Then the profile of "pat" has "user_id" "email|65f1c0ffee0000000000ba7a"
    When the app signs "pat" in with the code sent to "pat@somewhere.example"
    Then the app is refused with "invalid_grant", "Wrong email or verification code."

  Scenario: A link signs in once, in any browser
    When the app has a link sent to "pat@somewhere.example"
    And "pat" signs in by the link sent to "pat@somewhere.example"
    Then the profile of "pat" has "logins_count" 1
    When "mallory" signs in by the link sent to "pat@somewhere.example"
    Then "mallory" sees the error page, which says "Wrong email or verification code."

  Scenario: A code is worth nothing once another one is sent
    Given the app has a code sent to "+15555550100"
    When the app has a code sent to "+15555550100"
    Then 2 codes were sent to "+15555550100"
    When the app signs "sam" in with the code sent to "+15555550100"
    Then the profile of "sam" has "user_id" "sms|65f1c0ffee00000000005a11"

  Scenario: After three wrong codes not even the right one is good
    Given the app has a code sent to "+15555550100"
    When the app signs "sam" in with the code "wrong" for "+15555550100"
    Then the app is refused with "invalid_grant", "Wrong phone number or verification code."
    When the app signs "sam" in with the code "wrong" for "+15555550100"
    And the app signs "sam" in with the code "wrong" for "+15555550100"
    And the app signs "sam" in with the code sent to "+15555550100"
    Then the app is refused with "invalid_grant", "Maximum number of attempts reached"

  Scenario: A wrong code on the page can be followed by the right one
    When "pat" asks for a code to "pat@somewhere.example"
    And "pat" types the code "wrong"
    And "pat" types the code sent to "pat@somewhere.example"
    Then the profile of "pat" has "logins_count" 1

  Scenario Outline: A code is good for three minutes, or as long as the connection says
    Given an administrator sets the option "totp" of the connection "email" to <options>
    And the clock is stopped
    And the app has a code sent to "pat@somewhere.example"
    When <time> pass
    And the app signs "pat" in with the code sent to "pat@somewhere.example"
    Then <outcome>

    Examples:
      | options                         | time        | outcome                                                                           |
      | {}                              | 179 seconds | the profile of "pat" has "logins_count" 1                                         |
      | {}                              | 180 seconds | the app is refused with "invalid_grant", "Wrong email or verification code."      |
      | {"time_step": 600, "length": 8} | 599 seconds | the profile of "pat" has "logins_count" 1                                         |
      | {"time_step": 600, "length": 8} | 600 seconds | the app is refused with "invalid_grant", "Wrong email or verification code."      |

  Scenario: Where nobody new is taken, nothing is sent to who is new
    Given an administrator sets the option "disable_signup" of the connection "email" to true
    When the app has a code sent to "new@somewhere.example"
    Then the app is refused with "bad.connection", "Public signup is disabled"
    And 0 codes were sent to "new@somewhere.example"
    When the app has a code sent to "pat@somewhere.example"
    And the app signs "pat" in with the code sent to "pat@somewhere.example"
    Then the profile of "pat" has "logins_count" 1

  Scenario: Somebody who is blocked is not let in by a code
    Given the app has a code sent to "pat@somewhere.example"
    And the app signs "pat" in with the code sent to "pat@somewhere.example"
    And an administrator blocks "pat"
    When the app has a code sent to "pat@somewhere.example"
    And the app signs "pat" in with the code sent to "pat@somewhere.example"
    Then the app is refused with "unauthorized", "user is blocked"
