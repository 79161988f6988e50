//! Web plumbing for tenant and fakes alike; knows neither.
