//! One run of a script on the current thread, from a fresh engine to its answer.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rquickjs::CatchResultExt as _;
use rquickjs::CaughtError;
use rquickjs::Context;
use rquickjs::Ctx;
use rquickjs::Function;
use rquickjs::Object;
use rquickjs::Runtime;
use rquickjs::context::EvalOptions;
use serde_json::Value;

use crate::scripts::error::ScriptError;
use crate::scripts::error::Thrown;
use crate::scripts::host;
use crate::scripts::host::Host;
use crate::scripts::host::Said;
use crate::scripts::sandbox::Finished;
use crate::scripts::sandbox::Run;

/// What Node puts around a CommonJS module: on the file's first line, so that all others keep their numbers.
const HEAD: &str = "(function (exports, require, module, __filename, __dirname) {";
const FOOT: &str = "\n})";

/// What the script's world is made of, before the script.
const PRELUDE: &str = include_str!("prelude/main.js");

/// Runs the script. Blocks, at most for as long as its limits say.
pub(super) fn run(run: &Run, abandoned: Arc<AtomicBool>) -> Finished {
    let host = Host::new(run.now, run.random);
    let is_late = Rc::new(Cell::new(false));
    let answer = in_engine(run, &host, abandoned, &is_late);
    let answer = match answer {
        Err(_) if is_late.get() => Err(ScriptError::TimedOut { limit: run.limits.time }),
        // Out of memory is the engine's own error; a script that throws it itself says so in its file.
        Err(ScriptError::Threw(thrown)) if is_out_of_memory(&thrown) => {
            Err(ScriptError::OutOfMemory { bytes: run.limits.memory_bytes })
        }
        other => other,
    };
    Finished { answer, console: host.into_console() }
}

fn in_engine(
    run: &Run,
    host: &Host,
    abandoned: Arc<AtomicBool>,
    is_late: &Rc<Cell<bool>>,
) -> Result<Option<Value>, ScriptError> {
    let runtime = Runtime::new().map_err(broken)?;
    runtime.set_memory_limit(run.limits.memory_bytes);
    runtime.set_max_stack_size(run.limits.stack_bytes);
    let (end, late) = (Instant::now() + run.limits.time, Rc::clone(is_late));
    runtime.set_interrupt_handler(Some(Box::new(move || {
        let is_over = abandoned.load(Ordering::Relaxed) || Instant::now() >= end;
        late.set(late.get() || is_over);
        is_over
    })));
    let context = Context::full(&runtime).map_err(broken)?;
    context.with(|ctx| -> Result<Option<Value>, ScriptError> {
        let turn = begin(&ctx, run, host)?;
        let said = turn_until_answered(&ctx, &turn, run, host)?;
        if is_late.get() {
            return Err(ScriptError::TimedOut { limit: run.limits.time });
        }
        answer(said, run)
    })
}

/// Makes the script's world, reads the script and calls it. Gives what fires the next timer.
fn begin<'js>(ctx: &Ctx<'js>, run: &Run, host: &Host) -> Result<Function<'js>, ScriptError> {
    let make: Function<'js> = evaluate(ctx, "impostor:main", PRELUDE).map_err(|error| caught(ctx, error, run))?;
    let functions = host::functions(ctx, host).map_err(|error| caught(ctx, error, run))?;
    let world: Object<'js> = make.call((functions,)).map_err(|error| caught(ctx, error, run))?;
    let source = run.script.source.trim_start_matches('\u{feff}');
    let module = format!("{HEAD}{source}{FOOT}");
    let module: Function<'js> = evaluate(ctx, &run.script.file, &module).map_err(|error| caught(ctx, error, run))?;
    let adapter: Function<'js> =
        evaluate(ctx, "impostor:adapter", run.adapter).map_err(|error| caught(ctx, error, run))?;
    let arguments = serde_json::to_string(&run.arguments).map_err(|error| ScriptError::Engine(error.to_string()))?;
    let drive: Function<'js> = world.get("drive").map_err(|error| caught(ctx, error, run))?;
    let file = run.script.file.as_ref();
    drive.call::<_, ()>((module, adapter, arguments, file)).map_err(|error| caught(ctx, error, run))?;
    world.get("turn").map_err(|error| caught(ctx, error, run))
}

/// Everything that the script has put off, until it has answered or nothing is left. Timers don't wait: since nothing
/// from outside can happen meanwhile, the script's clock goes on to the next of them.
fn turn_until_answered(
    ctx: &Ctx<'_>,
    turn: &Function<'_>,
    run: &Run,
    host: &Host,
) -> Result<Option<Said>, ScriptError> {
    loop {
        while ctx.execute_pending_job() {}
        if let Some(said) = host.said() {
            return Ok(Some(said));
        }
        let elapsed: Option<f64> = turn.call(()).map_err(|error| caught(ctx, error, run))?;
        match elapsed {
            None => return Ok(None),
            Some(millis) if millis / 1000.0 > run.limits.time.as_secs_f64() => {
                return Err(ScriptError::TimedOut { limit: run.limits.time });
            }
            Some(_) => {}
        }
    }
}

fn answer(said: Option<Said>, run: &Run) -> Result<Option<Value>, ScriptError> {
    match said {
        None => Err(ScriptError::NoAnswer),
        Some(Said::Nothing) => Ok(None),
        Some(Said::Json(text)) if text.len() > run.limits.answer_bytes => {
            Err(ScriptError::AnswerTooLong { bytes: run.limits.answer_bytes })
        }
        Some(Said::Json(text)) => {
            serde_json::from_str(&text).map(Some).map_err(|error| ScriptError::Answer(error.to_string()))
        }
        Some(Said::Error(text)) => {
            let thrown: Option<Thrown> =
                serde_json::from_str(&text).map_err(|error| ScriptError::Answer(error.to_string()))?;
            let thrown = thrown.ok_or(ScriptError::Null { bytes: run.limits.memory_bytes })?;
            Err(ScriptError::Threw(Box::new(placed(thrown, run))))
        }
    }
}

/// The value of a text of JavaScript, which is called `file` in errors.
pub(super) fn evaluate<'js, V: rquickjs::FromJs<'js>>(ctx: &Ctx<'js>, file: &str, text: &str) -> rquickjs::Result<V> {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(file.to_owned());
    ctx.eval_with_options(text, options)
}

fn caught(ctx: &Ctx<'_>, error: rquickjs::Error, run: &Run) -> ScriptError {
    match Err::<(), _>(error).catch(ctx) {
        Err(CaughtError::Exception(exception)) => {
            let name = exception.get("name").unwrap_or_default();
            let (message, stack) = (exception.message().unwrap_or_default(), exception.stack().unwrap_or_default());
            ScriptError::Threw(Box::new(placed(Thrown::new(name, message, stack), run)))
        }
        Err(CaughtError::Value(value)) if value.is_null() => ScriptError::Null { bytes: run.limits.memory_bytes },
        Err(other) => ScriptError::Engine(other.to_string().trim().to_owned()),
        Ok(()) => ScriptError::NoAnswer,
    }
}

/// There may have been too little left to say so.
fn is_out_of_memory(thrown: &Thrown) -> bool {
    thrown.name == "InternalError" && ["", "out of memory"].contains(&thrown.message.as_str())
}

fn placed(thrown: Thrown, run: &Run) -> Thrown {
    thrown.placed(&run.script.file, u32::try_from(HEAD.len()).unwrap_or_default())
}

fn broken(error: rquickjs::Error) -> ScriptError {
    ScriptError::Engine(error.to_string())
}
