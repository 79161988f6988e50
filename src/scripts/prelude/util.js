'use strict';
// Values as Node's console words them, shortened.
const DEEPEST = 4, MOST = 100;

function name(key) {
  if (typeof key === 'symbol') return '[' + String(key) + ']';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}
function quoted(text) {
  return "'" + text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n') + "'";
}
function inspect(value, depth = 0, above = []) {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value + 'n';
  if (typeof value === 'function') return value.name ? '[Function: ' + value.name + ']' : '[Function (anonymous)]';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return worded(value);
  if (value instanceof RegExp) return String(value);
  if (value instanceof Date) return isNaN(value) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Promise) return 'Promise { … }';
  if (above.includes(value)) return '[Circular *1]';
  if (ArrayBuffer.isView(value)) return '<' + value.constructor.name + ' ' + Array.from(value.slice(0, 50)).map((byte) => byte.toString(16).padStart(2, '0')).join(' ') + (value.length > 50 ? ' …' : '') + '>';
  if (depth > DEEPEST) return Array.isArray(value) ? '[Array]' : '[Object]';
  const inside = (item) => inspect(item, depth + 1, [...above, value]);
  const list = (items, open, close) => {
    const shown = items.slice(0, MOST).concat(items.length > MOST ? ['… ' + (items.length - MOST) + ' more'] : []);
    return shown.length ? open + ' ' + shown.join(', ') + ' ' + close : open + close;
  };
  if (Array.isArray(value)) return list(value.slice(0, MOST + 1).map(inside), '[', ']');
  if (value instanceof Map) return 'Map(' + value.size + ') ' + list([...value].slice(0, MOST + 1).map(([key, item]) => inside(key) + ' => ' + inside(item)), '{', '}');
  if (value instanceof Set) return 'Set(' + value.size + ') ' + list([...value].slice(0, MOST + 1).map(inside), '{', '}');
  const kind = value.constructor && value.constructor !== Object && value.constructor.name ? value.constructor.name + ' ' : '';
  return kind + list(Object.keys(value).slice(0, MOST + 1).map((key) => name(key) + ': ' + inside(value[key])), '{', '}');
}
function worded(error) {
  const title = (error.name || 'Error') + (error.message ? ': ' + error.message : '');
  const frames = String(error.stack || '').split('\n').filter((frame) => frame.trim() && !/\(?impostor:/.test(frame));
  return [title, ...frames].join('\n');
}
function format(...values) {
  let text = '';
  if (typeof values[0] === 'string' && values.length > 1) {
    const [pattern, ...rest] = values;
    text = pattern.replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === '%%') return '%';
      if (!rest.length) return mark;
      const value = rest.shift();
      if (mark === '%s') return typeof value === 'object' && value !== null ? inspect(value) : String(value);
      if (mark === '%d') return String(Number(value));
      if (mark === '%i') return String(parseInt(value, 10));
      if (mark === '%f') return String(parseFloat(value));
      if (mark === '%j') return JSON.stringify(value);
      return mark === '%c' ? '' : inspect(value);
    });
    values = rest;
    if (values.length) text += ' ';
  }
  return text + values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' ');
}
function promisify(f) {
  return (...values) => new Promise((resolve, reject) => {
    f(...values, (error, value) => { if (error) reject(error); else resolve(value); });
  });
}
module.exports = {
  format, promisify,
  inspect: (value) => inspect(value),
  isArray: Array.isArray,
  inherits: (one, other) => { Object.setPrototypeOf(one.prototype, other.prototype); },
  deprecate: (f) => f,
};
