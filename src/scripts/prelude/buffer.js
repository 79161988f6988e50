'use strict';
// Node's Buffer, as far as profiles and tokens need it.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromUtf8(text) {
  const bytes = [];
  for (const character of text) {
    let code = character.codePointAt(0);
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}
function toUtf8(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i++];
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    let code = more < 0 ? -1 : more === 0 ? first : first & (0x3f >> more), read = 0;
    while (code >= 0 && read < more) {
      const next = bytes[i + read];
      if ((next & 0xc0) !== 0x80) { code = -1; break; }
      code = (code << 6) | (next & 63);
      read++;
    }
    const least = [0, 0x80, 0x800, 0x10000][more];
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) code = -1;
    if (code < 0) text += '\ufffd'; else { text += String.fromCodePoint(code); i += more; }
  }
  return text;
}
function fromBase64(text) {
  const bytes = [];
  let bits = 0, held = 0;
  for (const character of String(text).replace(/-/g, '+').replace(/_/g, '/')) {
    if (character === '=') break;
    const value = ALPHABET.indexOf(character);
    if (value < 0) continue;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) { bits -= 8; bytes.push((held >> bits) & 255); held &= (1 << bits) - 1; }
  }
  return bytes;
}
function toBase64(bytes) {
  const parts = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] || 0) << 8) | (bytes[i + 2] || 0);
    parts.push(ALPHABET[three >> 18] + ALPHABET[(three >> 12) & 63] +
      (i + 1 < bytes.length ? ALPHABET[(three >> 6) & 63] : '=') + (i + 2 < bytes.length ? ALPHABET[three & 63] : '='));
  }
  return parts.join('');
}
function fromHex(text) {
  const bytes = [];
  for (let i = 0; i + 1 < text.length && /^[0-9a-f]{2}$/i.test(text.slice(i, i + 2)); i += 2) bytes.push(parseInt(text.slice(i, i + 2), 16));
  return bytes;
}
const each = (bytes, word) => Array.from(bytes, word).join('');

function bytesOf(text, encoding) {
  switch (String(encoding || 'utf8').toLowerCase()) {
    case 'utf8': case 'utf-8': return fromUtf8(text);
    case 'hex': return fromHex(text);
    case 'base64': case 'base64url': return fromBase64(text);
    case 'ascii': case 'latin1': case 'binary': return Array.from(text, (character) => character.charCodeAt(0) & 255);
    case 'ucs2': case 'ucs-2': case 'utf16le': case 'utf-16le':
      return Array.from({ length: text.length * 2 }, (_, i) => (text.charCodeAt(i >> 1) >> (i & 1 ? 8 : 0)) & 255);
    default: throw new TypeError('Unknown encoding: ' + encoding);
  }
}

class Buffer extends Uint8Array {
  static from(value, encoding, length) {
    if (typeof value === 'string') return new Buffer(bytesOf(value, encoding));
    if (value instanceof ArrayBuffer) return new Buffer(value, encoding, length);
    if (value && value.type === 'Buffer' && Array.isArray(value.data)) return new Buffer(value.data);
    if (value && typeof value === 'object') return new Buffer(Array.from(value));
    throw new TypeError('The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array');
  }
  static alloc(size, fill, encoding) { const made = new Buffer(size); return fill === undefined ? made : made.fill(fill, encoding); }
  static allocUnsafe(size) { return new Buffer(size); }
  static isBuffer(value) { return value instanceof Buffer; }
  static isEncoding(name) { try { bytesOf('', name); return true; } catch (_) { return false; } }
  static byteLength(value, encoding) { return typeof value === 'string' ? bytesOf(value, encoding).length : value.byteLength; }
  static concat(list, total) {
    const made = new Buffer(total === undefined ? list.reduce((sum, part) => sum + part.length, 0) : total);
    let at = 0;
    for (const part of list) { made.set(part.subarray(0, Math.max(0, made.length - at)), at); at += part.length; }
    return made;
  }
  static compare(one, other) {
    for (let i = 0; i < Math.min(one.length, other.length); i++) if (one[i] !== other[i]) return one[i] < other[i] ? -1 : 1;
    return Math.sign(one.length - other.length);
  }
  toString(encoding, start, end) {
    const bytes = start === undefined && end === undefined ? this : this.subarray(start, end);
    switch (String(encoding || 'utf8').toLowerCase()) {
      case 'utf8': case 'utf-8': return toUtf8(bytes);
      case 'hex': return each(bytes, (byte) => byte.toString(16).padStart(2, '0'));
      case 'base64': return toBase64(bytes);
      case 'base64url': return toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
      case 'ascii': return each(bytes, (byte) => String.fromCharCode(byte & 127));
      case 'latin1': case 'binary': return each(bytes, (byte) => String.fromCharCode(byte));
      case 'ucs2': case 'ucs-2': case 'utf16le': case 'utf-16le':
        return Array.from({ length: bytes.length >> 1 }, (_, i) => String.fromCharCode(bytes[2 * i] | (bytes[2 * i + 1] << 8))).join('');
      default: throw new TypeError('Unknown encoding: ' + encoding);
    }
  }
  toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
  equals(other) { return Buffer.compare(this, other) === 0; }
  compare(other) { return Buffer.compare(this, other); }
  slice(start, end) { return this.subarray(start, end); }
  write(text, at = 0, length, encoding) { const bytes = bytesOf(text, encoding).slice(0, Math.min(length || Infinity, this.length - at)); this.set(bytes, at); return bytes.length; }
  copy(target, at = 0, start = 0, end = this.length) { const part = this.subarray(start, Math.min(end, start + target.length - at)); target.set(part, at); return part.length; }
  fill(value, encoding) {
    if (typeof value !== 'string') return super.fill(value);
    const bytes = bytesOf(value, encoding);
    for (let i = 0; i < this.length && bytes.length; i++) this[i] = bytes[i % bytes.length];
    return this;
  }
  readUInt8(at = 0) { return this[at]; }
  readUInt16LE(at = 0) { return this[at] | (this[at + 1] << 8); }
  readUInt16BE(at = 0) { return (this[at] << 8) | this[at + 1]; }
  readUInt32LE(at = 0) { return (this[at] | (this[at + 1] << 8) | (this[at + 2] << 16) | (this[at + 3] << 24)) >>> 0; }
  readUInt32BE(at = 0) { return ((this[at] << 24) | (this[at + 1] << 16) | (this[at + 2] << 8) | this[at + 3]) >>> 0; }
  readUIntBE(at, length) { let sum = 0; for (let i = 0; i < length; i++) sum = sum * 256 + this[at + i]; return sum; }
  readUIntLE(at, length) { let sum = 0; for (let i = length - 1; i >= 0; i--) sum = sum * 256 + this[at + i]; return sum; }
}
// Old code calls it without `new`, with a size, a list or a text.
const Callable = new Proxy(Buffer, {
  apply: (_, self, [value, encoding]) => (typeof value === 'number' ? Buffer.alloc(value) : Buffer.from(value, encoding)),
  construct: (target, values, made) =>
    (typeof values[0] === 'string' ? Buffer.from(values[0], values[1]) : Reflect.construct(target, values, made === Callable ? target : made)),
});
module.exports = {
  Buffer: Callable,
  atob: (text) => Buffer.from(String(text), 'base64').toString('latin1'),
  btoa: (text) => Buffer.from(String(text), 'latin1').toString('base64'),
};
