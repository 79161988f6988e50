//! What a script's world is given from outside: all that isn't JavaScript itself. Nothing here reaches a file, the
//! network, the system's clock or its randomness.

use std::cell::RefCell;
use std::rc::Rc;

use rquickjs::Ctx;
use rquickjs::Function;
use rquickjs::Object;
use rquickjs::Value;

use crate::scripts::console::Console;
use crate::scripts::console::ConsoleLine;
use crate::scripts::crypto;
use crate::scripts::engine;
use crate::time::Rng;
use crate::time::Timestamp;

/// The modules that `require` knows, as the bodies of CommonJS modules.
const MODULES: &[(&str, &str)] = &[
    ("buffer", include_str!("prelude/buffer.js")),
    ("crypto", include_str!("prelude/crypto.js")),
    ("guards", include_str!("prelude/guards.js")),
    ("util", include_str!("prelude/util.js")),
];

/// The most random bytes a script gets at once.
const MOST_RANDOM_BYTES: usize = 65_536;

/// What a script said at its end.
#[derive(Debug)]
pub(super) enum Said {
    Nothing,
    Json(String),
    /// A [`crate::scripts::error::Thrown`] as JSON, or `null` for just that.
    Error(String),
}

/// What one run says and draws.
#[derive(Clone)]
pub(super) struct Host(Rc<Inner>);

struct Inner {
    now: Timestamp,
    random: RefCell<Rng>,
    console: RefCell<Console>,
    said: RefCell<Option<Said>>,
}

impl Host {
    pub(super) fn new(now: Timestamp, random: [u8; 32]) -> Self {
        let random = RefCell::new(Rng::from_key(random));
        Self(Rc::new(Inner { now, random, console: RefCell::default(), said: RefCell::default() }))
    }

    /// The first thing that the script said: a second answer doesn't count.
    pub(super) fn said(&self) -> Option<Said> {
        self.0.said.borrow_mut().take()
    }

    pub(super) fn into_console(self) -> Vec<ConsoleLine> {
        self.0.console.take().into_lines()
    }

    fn say(&self, said: Said) {
        self.0.said.borrow_mut().get_or_insert(said);
    }

    /// From 0 to just below 1.
    fn random(&self) -> f64 {
        let bits = self.0.random.borrow_mut().below(1 << 32);
        f64::from(u32::try_from(bits).unwrap_or_default()) / 4_294_967_296.0
    }
}

/// The functions of the host, for the prelude alone: scripts never see them.
pub(super) fn functions<'js>(ctx: &Ctx<'js>, host: &Host) -> rquickjs::Result<Object<'js>> {
    let functions = Object::new(ctx.clone())?;
    let of = host.clone();
    functions.set(
        "answer",
        Function::new(ctx.clone(), move |json: Option<String>| {
            of.say(json.map_or(Said::Nothing, Said::Json));
        })?,
    )?;
    let of = host.clone();
    functions.set("refuse", Function::new(ctx.clone(), move |json: String| of.say(Said::Error(json)))?)?;
    let of = host.clone();
    functions.set(
        "write",
        Function::new(ctx.clone(), move |level: String, text: String| {
            of.0.console.borrow_mut().write(level, &text);
        })?,
    )?;
    let of = host.clone();
    functions.set("random", Function::new(ctx.clone(), move || of.random())?)?;
    let of = host.clone();
    functions.set(
        "randomHex",
        Function::new(ctx.clone(), move |bytes: usize| {
            of.0.random.borrow_mut().hex(bytes.min(MOST_RANDOM_BYTES).saturating_mul(2))
        })?,
    )?;
    functions.set("hash", Function::new(ctx.clone(), |name: String, data: String| crypto::hash(&name, &data))?)?;
    functions.set(
        "hmac",
        Function::new(ctx.clone(), |name: String, key: String, data: String| crypto::hmac(&name, &key, &data))?,
    )?;
    functions.set("load", Function::new(ctx.clone(), load)?)?;
    // A double holds every millisecond of the years 1 to 9999.
    functions.set("now", host.0.now.millis().to_string())?;
    Ok(functions)
}

/// The function that makes a module, `(exports, module, require, host)`; nothing when there is no such module.
fn load(ctx: Ctx<'_>, name: String) -> rquickjs::Result<Option<Value<'_>>> {
    let Some((name, body)) = MODULES.iter().find(|(known, _)| *known == name) else { return Ok(None) };
    let module = format!("(function (exports, module, require, host) {{{body}\n}})");
    engine::evaluate(&ctx, &format!("impostor:{name}"), &module).map(Some)
}
