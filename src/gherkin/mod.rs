//! The step library, over `client`: what features say, done from outside.
