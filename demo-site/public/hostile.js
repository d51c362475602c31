// What old libraries and analytics scripts do to the functions that they share with everybody. Each change keeps the
// documented behaviour, and trips code that relies on more than that.

// A `for … in` over an array meets this one.
// oxlint-disable-next-line no-extend-native -- the offence is the point of this page
Array.prototype.last = function last() {
  return this[this.length - 1];
};

// An old library brings a `toJSON` of its own.
// oxlint-disable-next-line no-extend-native -- the offence is the point of this page
Array.prototype.toJSON = function toJSON() {
  return [...this];
};

// An analytics script counts requests.
const original = window.fetch;
window.requests = 0;
window.fetch = function fetch(...parameters) {
  window.requests += 1;
  return original.apply(window, parameters);
};

// A polyfill that knows nothing of options.
window.requestIdleCallback = (callback) => setTimeout(callback, 1);

// Names on `window` that short-sighted scripts would take for their own.
window.chat = 'taken';
window.open = () => null;
