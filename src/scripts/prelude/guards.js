'use strict';
// What the engine does in one step of C without asking for the time, it is not asked to do at great length.
const LONGEST_LIST = 10000000, MOST_COMPARISONS = 2000000000;
const { apply, getPrototypeOf, getOwnPropertyDescriptor, defineProperty } = Reflect;
const { isArray } = Array;
const { isView } = ArrayBuffer;

function tooLong(what) {
  throw new RangeError(what + ' is too long for a script here');
}
// A length that can't be another one when it is read again.
function fixedLength(list) {
  for (let holder = list; holder; holder = getPrototypeOf(holder)) {
    const property = getOwnPropertyDescriptor(holder, 'length');
    if (property) return 'value' in property ? Number(property.value) || 0 : Infinity;
  }
  return 0;
}
function checkList(list) {
  if (typeof list !== 'object' || list === null || isView(list)) return;
  if (fixedLength(list) > LONGEST_LIST) tooLong('A list');
}
function wrap(prototype, name, check) {
  const own = prototype[name];
  if (typeof own !== 'function') return;
  const guarded = { [name](...values) { return apply(own, check(this, values), values); } }[name];
  defineProperty(guarded, 'length', { value: own.length, configurable: true });
  defineProperty(prototype, name, { value: guarded, writable: true, configurable: true, enumerable: false });
}

const LISTS = ['concat', 'copyWithin', 'every', 'fill', 'filter', 'find', 'findIndex', 'findLast', 'findLastIndex', 'flat',
  'flatMap', 'forEach', 'includes', 'indexOf', 'join', 'lastIndexOf', 'map', 'reduce', 'reduceRight', 'reverse', 'shift',
  'slice', 'some', 'sort', 'splice', 'toLocaleString', 'toReversed', 'toSorted', 'toSpliced', 'toString', 'unshift', 'with'];
for (const name of LISTS) {
  wrap(Array.prototype, name, (list, values) => {
    checkList(list);
    if (name === 'concat') values.forEach(checkList);
    return list;
  });
}
wrap(JSON, 'stringify', (json, values) => {
  if (isArray(values[1])) checkList(values[1]);
  return json;
});
// Searches compare the text at every place with all that is searched for.
function checkSearch(text, sought) {
  if (text.length * sought.length > MOST_COMPARISONS) tooLong('A search');
}
const SEARCHES = { indexOf: 0, lastIndexOf: 0, includes: 0, split: Symbol.split, replace: Symbol.replace, replaceAll: Symbol.replace };
for (const [name, symbol] of Object.entries(SEARCHES)) {
  wrap(String.prototype, name, (text, values) => {
    const sought = values[0];
    const decidesItself = symbol && sought !== null && typeof sought === 'object' && sought[symbol] !== undefined;
    if (text === undefined || text === null || values.length === 0 || decidesItself || (symbol === Symbol.split && sought === undefined)) return text;
    if (!symbol && sought instanceof RegExp) return text;
    text = String(text);
    values[0] = String(sought);
    checkSearch(text, values[0]);
    return text;
  });
}
// In JavaScript, because its list may be anything with a length.
String.raw = function raw(cooked, ...values) {
  const parts = cooked.raw, count = Number(parts.length) || 0;
  let text = '';
  for (let i = 0; i < count; i++) text += String(parts[i]) + (i + 1 < count && i < values.length ? String(values[i]) : '');
  return text;
};
