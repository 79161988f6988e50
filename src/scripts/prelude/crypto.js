'use strict';
// Digests and random bytes, as Node names them.
const { Buffer } = require('buffer');
const hex = (value, encoding) => (typeof value === 'string' ? Buffer.from(value, encoding) : Buffer.from(value)).toString('hex');

class Digest {
  #finish; #data = []; #done = false;
  constructor(finish) { this.#finish = finish; }
  update(value, encoding) {
    if (this.#done) throw new Error('Digest already called');
    this.#data.push(hex(value, encoding));
    return this;
  }
  digest(encoding) {
    if (this.#done) throw new Error('Digest already called');
    this.#done = true;
    const bytes = Buffer.from(this.#finish(this.#data.join('')), 'hex');
    return encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes;
  }
}
function known(found) {
  if (typeof found !== 'string') throw new Error('Digest method not supported');
  return found;
}
function randomUUID() {
  const bytes = Buffer.from(host.randomHex(16), 'hex');
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
module.exports = {
  createHash: (name) => { known(host.hash(String(name), '')); return new Digest((data) => known(host.hash(String(name), data))); },
  createHmac: (name, key) => { known(host.hmac(String(name), '', '')); return new Digest((data) => known(host.hmac(String(name), hex(key), data))); },
  getHashes: () => ['md5', 'sha1', 'sha256', 'sha384', 'sha512'],
  randomBytes: (size) => {
    if (!(size >= 0 && size <= 65536)) throw new RangeError('The value of "size" is out of range: 0 to 65536 here');
    return Buffer.from(host.randomHex(size), 'hex');
  },
  randomUUID,
  timingSafeEqual: (one, other) => {
    if (one.length !== other.length) throw new RangeError('Input buffers must have the same byte length');
    return Buffer.compare(one, other) === 0;
  },
};
