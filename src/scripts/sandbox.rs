//! The sandbox that all users' JavaScript runs in: a fresh engine for every run, on a thread of its own, with limits on
//! time, memory and stack, and neither files nor network. Source: spec/extensibility.md.
//!
//! The engine asks between instructions, and within regular expressions, whether its time is over. What is written in C
//! and doesn't ask is refused when it would take long (`prelude/guards.js`). Should a run get stuck all the same, its
//! caller is answered in time and its thread is left behind; it keeps its place among those that may run at once.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;
use tokio::sync::oneshot;

use crate::scripts::console::ConsoleLine;
use crate::scripts::engine;
use crate::scripts::error::ScriptError;
use crate::time::Timestamp;

/// Of a thread that runs a script: what the engine may use of it, and room for ourselves.
const THREAD_STACK_BYTES: usize = 8 * 1024 * 1024;

/// How long after its time a script that can't be interrupted is given up.
const GRACE: Duration = Duration::from_secs(2);

/// Places for scripts that run at once: scripts compute, so more than there are processors would not be faster.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    Arc::new(Semaphore::new(processors.max(2)))
});

/// A user's file.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// As it is called in errors.
    pub(crate) file: Arc<str>,
    /// A CommonJS module.
    pub(crate) source: Arc<str>,
}

/// What a script may use up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) time: Duration,
    pub(crate) memory_bytes: usize,
    pub(crate) stack_bytes: usize,
    pub(crate) source_bytes: usize,
    /// Of the answer, as JSON.
    pub(crate) answer_bytes: usize,
}

impl Default for Limits {
    /// Time and size of a script are the real service's (spec/extensibility.md §2.1).
    fn default() -> Self {
        Self {
            time: Duration::from_secs(20),
            memory_bytes: 64 * 1024 * 1024,
            stack_bytes: 512 * 1024,
            source_bytes: 100 * 1024,
            answer_bytes: 1024 * 1024,
        }
    }
}

/// One run of a script.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) script: Script,
    /// Our own JavaScript that calls the user's: `(exports, arguments, call) => answer`, where an answer may be a
    /// promise, and `call.back(f, arguments)` promises what `f` calls its callback with.
    pub(crate) adapter: &'static str,
    pub(crate) arguments: Vec<Value>,
    /// What the script's clock shows; it stands still while the script computes.
    pub(crate) now: Timestamp,
    /// Fixes what the script's random numbers are (see [`crate::time::Rng::key`]).
    pub(crate) random: [u8; 32],
    pub(crate) limits: Limits,
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finished {
    /// The answer; none if it was `undefined`.
    pub(crate) answer: Result<Option<Value>, ScriptError>,
    /// What the script wrote, in order, whether or not it came to an answer.
    pub(crate) console: Vec<ConsoleLine>,
}

impl Finished {
    pub(crate) fn failed(error: ScriptError) -> Self {
        Self { answer: Err(error), console: Vec::new() }
    }
}

/// Runs a script to its answer, off the asynchronous threads. It ends early when nobody waits for it any more.
pub(crate) async fn run(run: Run) -> Finished {
    let limits = run.limits;
    if run.script.source.len() > limits.source_bytes {
        return Finished::failed(ScriptError::SourceTooLong { bytes: limits.source_bytes });
    }
    let place = tokio::time::timeout(limits.time, Arc::clone(&PLACES).acquire_owned()).await;
    let Ok(Ok(place)) = place else { return Finished::failed(ScriptError::Busy) };
    let abandoned = Abandoned::default();
    let result = match start(run, place, Arc::clone(&abandoned.0)) {
        Ok(finished) => tokio::time::timeout(limits.time.saturating_add(GRACE), finished).await,
        Err(error) => return Finished::failed(ScriptError::Engine(error.to_string())),
    };
    match result {
        Ok(Ok(finished)) => finished,
        Ok(Err(_)) => Finished::failed(ScriptError::Engine("the engine broke down".to_owned())),
        Err(_) => Finished::failed(ScriptError::TimedOut { limit: limits.time }),
    }
}

/// Set when whoever waited for a script has gone.
#[derive(Default)]
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A thread of its own rather than one of the runtime's: one that got stuck would keep the runtime from ending.
fn start(
    run: Run,
    place: OwnedSemaphorePermit,
    abandoned: Arc<AtomicBool>,
) -> std::io::Result<oneshot::Receiver<Finished>> {
    let (sender, receiver) = oneshot::channel();
    let body = move || {
        let finished = engine::run(&run, abandoned);
        drop(place);
        // Nobody waits for it any more: that is their decision.
        let _ = sender.send(finished);
    };
    std::thread::Builder::new().name("script".to_owned()).stack_size(THREAD_STACK_BYTES).spawn(body)?;
    Ok(receiver)
}

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod tests;
