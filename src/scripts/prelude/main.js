// The world of a script: what Node has and the language lacks. Scripts never see `host` itself.
(function (host) {
  'use strict';
  const { parse, stringify } = JSON;
  const started = Number(host.now);

  // Modules. There are few, made when first asked for.
  const NAMES = ['buffer', 'crypto', 'util'];
  const modules = Object.create(null);
  function load(name) {
    if (!modules[name]) {
      const module = { exports: {} };
      host.load(name)(module.exports, module, require, host);
      modules[name] = module;
    }
    return modules[name].exports;
  }
  function require(id) {
    const name = String(id).replace(/^node:/, '');
    if (NAMES.includes(name)) return load(name);
    const error = new Error("Cannot find module '" + id + "'. Scripts here have " + NAMES.join(', ') +
      ': no files, no network, nothing installed');
    error.code = 'MODULE_NOT_FOUND';
    throw error;
  }
  function define(name, value) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
  function lazily(name, module) {
    Object.defineProperty(globalThis, name, {
      configurable: true, enumerable: false,
      get: () => load(module)[name],
      set: (value) => define(name, value),
    });
  }
  define('global', globalThis);
  lazily('Buffer', 'buffer');
  lazily('atob', 'buffer');
  lazily('btoa', 'buffer');

  // The console.
  const writer = (level) => (...values) => { host.write(level, load('util').format(...values)); };
  define('console', {
    log: writer('log'), info: writer('info'), warn: writer('warn'), error: writer('error'), debug: writer('debug'),
    trace: writer('debug'), dir: (value) => writer('log')(value),
    assert: (ok, ...values) => { if (!ok) writer('error')('Assertion failed', ...values); },
  });

  // Time. The clock stands still but for timers, which set it to the moment that they were due.
  let elapsed = 0, drawn = 0;
  const timers = new Map();
  const milliseconds = (value) => Math.min(Math.max(Number(value) || 0, 1), 2147483647);
  function schedule(callback, delay, values, repeat) {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
    const id = ++drawn;
    timers.set(id, { id, due: elapsed + delay, callback, values, repeat: repeat ? delay : 0 });
    return id;
  }
  define('setTimeout', (callback, delay, ...values) => schedule(callback, milliseconds(delay), values, false));
  define('setInterval', (callback, delay, ...values) => schedule(callback, milliseconds(delay), values, true));
  define('setImmediate', (callback, ...values) => schedule(callback, 0, values, false));
  const clear = (id) => { timers.delete(id); };
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) define(name, clear);
  // Fires the timer that is due next; says how far the clock has gone, nothing if there is none.
  function turn() {
    let next;
    for (const timer of timers.values()) if (!next || timer.due < next.due) next = timer;
    if (!next) return undefined;
    elapsed = Math.max(elapsed, next.due);
    if (next.repeat) next.due += next.repeat; else timers.delete(next.id);
    try { next.callback(...next.values); } catch (error) { refuse(error); }
    return elapsed;
  }
  const RealDate = Date;
  const now = () => started + elapsed;
  function ScriptDate(...parts) {
    if (!new.target) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, parts.length ? parts : [now()], new.target);
  }
  Object.defineProperty(ScriptDate, 'name', { value: 'Date' });
  ScriptDate.prototype = RealDate.prototype;
  for (const name of ['parse', 'UTC']) Object.defineProperty(ScriptDate, name, { value: RealDate[name], writable: true, configurable: true });
  Object.defineProperty(ScriptDate, 'now', { value: now, writable: true, configurable: true });
  Object.defineProperty(RealDate.prototype, 'constructor', { value: ScriptDate, writable: true, configurable: true });
  define('Date', ScriptDate);
  define('performance', { now: () => elapsed, timeOrigin: started });
  Math.random = host.random;

  define('process', {
    env: {}, argv: [], platform: 'linux', version: 'v22.0.0', versions: { node: '22.0.0' },
    nextTick: (callback, ...values) => { Promise.resolve().then(() => callback(...values)).catch(refuse); },
    uptime: () => elapsed / 1000,
    hrtime: () => [Math.floor(elapsed / 1000), (elapsed % 1000) * 1e6],
  });

  // What would stop the whole thread, and what takes long without asking for the time.
  delete globalThis.Atomics;
  delete globalThis.SharedArrayBuffer;
  load('guards');

  // Answers. The first one counts.
  function refuse(error) {
    let said;
    try { said = stringify(told(error)); } catch (_) { said = '{"message":"an error that cannot be read"}'; }
    host.refuse(said);
  }
  function told(error) {
    if (error === null) return null;
    if (typeof error !== 'object') return { message: String(error) };
    const isError = error instanceof Error || 'message' in error;
    if (!isError) return { message: stringify(error) };
    const { name, message, stack, ...properties } = error;
    return { name: String(error.name || ''), message: String(error.message), stack: String(error.stack || ''),
      properties: parse(stringify(properties)) };
  }
  const call = {
    // What `f` calls its callback with: several values as a list. A promise that it gives back is minded if it fails.
    back: (f, values) => new Promise((resolve, reject) => {
      const given = f(...values, (error, ...answers) => {
        if (error) reject(error); else resolve(answers.length > 1 ? answers : answers[0]);
      });
      if (given && typeof given.then === 'function') given.then(undefined, reject);
    }),
  };
  function drive(module, adapter, values, file) {
    const own = { exports: {}, id: file, filename: file };
    new Promise((resolve) => {
      module.call(own.exports, own.exports, require, own, file, '/');
      resolve(adapter(own.exports, parse(values), call));
    }).then((value) => { host.answer(stringify(value)); }).catch(refuse);
  }
  return { drive, turn };
})
