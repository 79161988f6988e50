//! The step library, over `client`: what features say, done from outside.
//!
//! A scenario talks to a server only as apps, browsers and administrators do, on a tenant of its own that is forked
//! for it and removed after it; so scenarios run side by side and can't see each other's people.
//!
//! | to | see |
//! | --- | --- |
//! | run features | [`run::run`] |
//! | learn which sentences there are | [`steps`], one file a concept |
//! | see what the words in them may be | [`parameters`] |

pub mod document;
pub mod features;
pub mod known;
pub mod linking;
mod mask;
pub mod mishap;
mod mistakes;
pub mod options;
pub mod parameters;
pub mod pretty;
pub mod reading;
pub mod reference;
pub mod report;
pub mod run;
mod selection;
pub mod site;
pub mod steps;
mod telling;
mod trace;
pub mod visit;
pub mod world;
