Feature: Logins that attack protection refuses

  Scenario: Somebody is blocked after too many attempts, whatever they type
    Given "ana" has a database account
    And "bo" has a database account
    And "ana" is blocked after too many attempts
    When "ana" tries to sign in with the database
    Then "ana" reads "Your account has been blocked after multiple consecutive login attempts."
    And that fault fired once
    When "bo" signs in with the database
    Then "bo" is signed in

  Scenario: The app is told so at the token endpoint
    Given "ana" has a database account
    And "ana" is blocked after too many attempts
    When the app signs "ana" in with her password
    Then the app is refused with "too_many_attempts", "Your account has been blocked after multiple consecutive login attempts. We've sent you an email with instructions on how to unblock it."
    And that fault fired once

  Scenario: A password is known from a breach
    Given "ana" has a database account
    And the password of "ana" is known from a breach
    When "ana" tries to sign in with the database
    Then "ana" reads "We have detected a potential security issue with this account."
    When "ana" tries to sign in with the password "another"
    Then "ana" reads "Wrong email or password"
    And that fault fired once

  Scenario: The app is told of the breach at the token endpoint
    Given "ana" has a database account
    And the password of "ana" is known from a breach
    When the app signs "ana" in with her password
    Then the app is refused with "password_leaked", "This login attempt has been blocked because the password you're using was previously disclosed through a data breach (not in this application)."

  Scenario: A captcha is demanded, and solved
    Given "ana" has a database account
    And a captcha is demanded
    When "ana" signs in with the database and solves the captcha
    Then "ana" is signed in
    And that fault fired once

  Scenario: A captcha is demanded, and not solved
    Given "ana" has a database account
    And a captcha is demanded
    When "ana" tries to sign in with the database and types "robot" as the captcha
    Then "ana" reads "Solve the challenge question to verify you are not a robot."
    When "ana" tries to sign in with the database
    Then "ana" reads "Solve the challenge question to verify you are not a robot."
    When that fault is over
    And "ana" signs in with the database
    Then "ana" is signed in
