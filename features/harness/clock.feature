Feature: The tenant's clock

  Scenario: It is stopped at a time, and moves only when told to
    Given the time is "2031-05-04T10:00:00.000Z"
    Then the clock stands still at "2031-05-04T10:00:00.000Z"
    When 25 hours pass
    Then the clock stands still at "2031-05-05T11:00:00.000Z"

  Scenario: It runs on from where it stood
    Given the time is "2131-05-04T10:00:00.000Z"
    When the clock runs on
    Then the clock runs, and it is past "2131-05-04T10:00:00.000Z"

  Scenario: It is resumed, and shows the system's time
    Given the time is "2131-05-04T10:00:00.000Z"
    When the clock is resumed
    Then the clock runs, and it is before "2131-05-04T10:00:00.000Z"

  Scenario: It can be set back
    Given the time is "2131-05-04T10:00:00.000Z"
    When the time is "2031-05-04T10:00:00.000Z"
    Then the clock stands still at "2031-05-04T10:00:00.000Z"

  Scenario: A reset puts it back to how it began
    Given the time is "2131-05-04T10:00:00.000Z"
    When the tenant is reset
    Then the clock runs, and it is before "2131-05-04T10:00:00.000Z"
