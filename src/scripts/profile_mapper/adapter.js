(mapper, [entry, binary], call) => {
  if (typeof mapper !== 'function') throw new TypeError('module.exports is not a function');
  for (const [name, values] of Object.entries(binary)) {
    const buffers = values.map((value) => Buffer.from(value, 'base64'));
    entry[name] = buffers.length === 1 ? buffers[0] : buffers;
  }
  return mapper.length > 1 ? call.back(mapper, [entry]) : mapper(entry);
}
