// The inside of the stand-in's frame: it asks its own server whether the domain may be shown, then draws the chat.

const log = document.querySelector('[role=log]');
const quote = document.querySelector('blockquote');
const composer = document.querySelector('textarea');

let host;
const say = (message) => parent.postMessage(message, host ?? '*');

addEventListener('message', ({ source, origin, data }) => {
  if (source !== parent) return;
  host = origin;
  if (data.focus) composer.focus();
  if (data.item) show(data.item);
  if (data.composer) {
    if (data.composer.text !== undefined) composer.value = data.composer.text;
    if (data.composer.reply !== undefined) setQuote(data.composer.reply);
  }
  if (data.create) void create(data.create);
});

async function create({ domainKey, domain, colorScheme, startScreen, placeholder }) {
  const answer = await fetch('/domain_keys/verify', { method: 'POST', body: JSON.stringify({ domainKey, domain }) });
  if (answer.status === 401) return say('refused');
  // Blank, and without a word.
  if (!answer.ok) return;
  document.documentElement.className = colorScheme ?? '';
  document.querySelector('h1').textContent = startScreen?.greeting ?? 'What can I help with today?';
  if (placeholder) composer.placeholder = placeholder;
  composer.disabled = false;
  say('ready');
}

composer.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || composer.value.trim() === '') return;
  event.preventDefault();
  say({ send: { text: composer.value, reply: quote.textContent } });
  composer.value = '';
  setQuote('');
});

function setQuote(words) {
  quote.textContent = words;
  quote.hidden = words === '';
}

function show(item) {
  const paragraph = document.createElement('p');
  paragraph.textContent = (item.content ?? []).map(({ text }) => text).join('');
  log.append(paragraph);
}

say('loaded');
