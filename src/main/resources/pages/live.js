// The live page: plain browser means only, one function a transport. Each opens at the newest position and returns how to close it.

const SHOWN = 200; // rows kept on the page
const REMEMBERED = 5000; // ids kept to notice a repeat
const LONGEST = 4000; // characters shown of one event

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

const $ = (id) => document.getElementById(id);
const form = $('choice');

let close = null; // ends the current connection
let timer = 0; // the next attempt
let position = null;
let retry = 0; // ms, as the server's last bye asked
let counts = { events: 0, repeated: 0, gaps: 0, reconnects: 0 };
let seen = new Set();
let rows = []; // waiting for the next frame, newest last

function url(transport, more = {}) {
  const query = new URLSearchParams();
  for (const topic of words('topics')) query.append('topic', topic);
  query.set('transport', transport);
  if (position) query.set('position', position);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return new URL(`events?${query}`, location.href);
}

function words(field) {
  return form.elements[field].value.split(/[\s,]+/).filter(Boolean);
}

// ---- the four transports; each calls lost() at most once, and never after it was closed

function sse(lost) {
  const source = new EventSource(url('sse', { envelope: 'json' }));
  const take = (message) => {
    position = message.lastEventId || position;
    arrived(JSON.parse(message.data));
  };
  for (const name of ['message', ...words('names')]) source.addEventListener(name, take);
  for (const name of ['hello', 'gap', 'tick', 'switch', 'bye']) source.addEventListener(`needle-${name}`, take);
  // it would come back by itself, but only to the URL it was made with; a new one starts at the newest position
  source.onerror = () => {
    source.close();
    lost('the stream ended');
  };
  return () => source.close();
}

function websocket(lost) {
  const target = url('websocket');
  target.protocol = target.protocol.replace('http', 'ws');
  const socket = new WebSocket(target, 'needle.v1');
  socket.onmessage = (message) => arrived(JSON.parse(message.data));
  socket.onclose = (end) => lost(`closed with ${end.code}${end.reason ? `: ${end.reason}` : ''}`);
  return () => {
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  };
}

function stream(lost) {
  return fetching(lost, async (signal) => {
    const answer = await ask(url('stream'), signal);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split('\n');
      rest = lines.pop(); // a line may come in pieces
      for (const line of lines) if (line) arrived(JSON.parse(line));
    }
    return 'the stream ended';
  });
}

function poll(lost) {
  return fetching(lost, async (signal) => {
    for (;;) {
      const answer = await ask(url('poll', { wait: 25 }), signal);
      const objects = await answer.json();
      for (const object of objects.slice(1)) arrived(object);
      arrived(objects[0]); // the hello's position is the one after this answer
      if (objects.some((object) => object.control === 'bye')) return 'the server said bye';
    }
  });
}

function fetching(lost, work) {
  const abort = new AbortController();
  work(abort.signal).catch((failure) => failure.message).then((why) => {
    if (!abort.signal.aborted) lost(why);
  });
  return () => abort.abort();
}

async function ask(target, signal) {
  const answer = await fetch(target, { signal, cache: 'no-store' });
  if (answer.ok) return answer;
  retry = Number(answer.headers.get('Retry-After')) * 1000;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.title ?? `the server answered ${answer.status}`);
}

const transports = { sse, websocket, stream, poll };

// ---- what arrives

function arrived(object) {
  if (object.control) {
    control(object);
    return;
  }
  position = object.id;
  counts.events++;
  if (seen.has(object.id)) counts.repeated++;
  seen.add(object.id);
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value);
  const binary = object.encoding === 'base64' ? '(base64) ' : '';
  row('event', object.topic, object.event, binary + object.data);
}

function control(object) {
  const { control: name, ...rest } = object;
  delete rest.resume; // a secret
  delete rest.nonce;
  position = rest.position ?? position;
  if (name === 'gap') counts.gaps++;
  if (name === 'bye') retry = rest.retryAfter;
  if (name === 'hello') state('live', 'live');
  const polled = name === 'hello' && current() === 'poll' && rest.recovered;
  if (name !== 'tick' && !polled) row(`control ${name}`, name, '', JSON.stringify(rest));
  if (polled) show();
}

// ---- connecting

const current = () => form.elements.transport.value;

function connect() {
  disconnect();
  if (words('topics').length === 0) {
    state('lost', 'name a topic');
    return;
  }
  const transport = current();
  $('transport').textContent = transport;
  state('waiting', 'connecting');
  close = transports[transport]((why) => {
    close = null;
    counts.reconnects++;
    const delay = retry || 1000 + 2000 * Math.random(); // spread, or all pages come back in the same instant
    retry = 0;
    row('control gap', transport, '', `${why}; again in ${(delay / 1000).toFixed(1)} s`);
    state('lost', 'disconnected');
    timer = setTimeout(connect, delay);
  });
}

function disconnect() {
  clearTimeout(timer);
  close?.();
  close = null;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  position = null; // other topics: from now
  counts = { events: 0, repeated: 0, gaps: 0, reconnects: 0 };
  seen = new Set();
  history.replaceState(null, '', `?${new URLSearchParams({ topics: words('topics').join(' '), names: words('names').join(' ') })}`);
  connect();
});
form.addEventListener('change', (event) => {
  if (event.target.name === 'transport') connect();
});
$('stop').addEventListener('click', () => {
  disconnect();
  state('stopped', 'stopped');
});

// ---- showing

function state(is, text) {
  $('state').dataset.is = is;
  $('state').textContent = text;
  show();
}

function row(kind, topic, name, data) {
  if (rows.length === SHOWN) rows.shift();
  rows.push({ kind, topic, name, data, at: new Date() });
  show();
}

let frame = 0;
function show() {
  frame ||= requestAnimationFrame(draw); // a thousand events a second are still one drawing a frame
}

function draw() {
  frame = 0;
  $('position').textContent = position ?? '–';
  for (const [name, count] of Object.entries(counts)) {
    $(name).textContent = count.toLocaleString();
    $(name).classList.toggle('some', count > 0 && name !== 'events');
  }
  const log = $('log');
  log.prepend(...rows.reverse().map(item));
  rows = [];
  while (log.children.length > SHOWN) log.lastChild.remove();
}

function item({ kind, topic, name, data, at }) {
  const li = document.createElement('li');
  li.className = kind;
  const time = part('time', '', CLOCK.format(at));
  time.dateTime = at.toISOString();
  const label = part('span', 'topic', topic);
  if (name) label.append(' ', part('span', 'name', name));
  li.append(time, label, part('span', 'data', data.length > LONGEST ? `${data.slice(0, LONGEST)}… (${data.length} characters)` : data));
  return li;
}

function part(tag, kind, text) {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

const asked = new URLSearchParams(location.search);
for (const field of ['topics', 'names']) if (asked.has(field)) form.elements[field].value = asked.get(field);
connect();
