// The live page: a NeedleSource, what it tells, and how it got there. Everything that arrives is shown as text.

import { NeedleSource } from './needle.js';
import { RUNGS } from './needle-path.js';

const SHOWN = 200; // rows kept on the page
const REMEMBERED = 5000; // ids kept to notice a repeat
const LONGEST = 4000; // characters shown of one event

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const RUNG = {
  sse: ['SSE', 'one response that never ends'],
  websocket: ['WebSocket', 'a connection both ways'],
  stream: ['Stream', 'lines of JSON, asked for by POST'],
  cycle: ['Cycle', 'a response that ends after each burst'],
  poll: ['Long poll', 'a request that waits for events'],
  'short-poll': ['Short poll', 'a request every few seconds'],
};
const WHY = {
  clear: 'data comes through as it is sent',
  blocked: 'refused, or never answered',
  'killed-after-open': 'closed as soon as it was open',
  swallowed: 'opened, but no data came',
  buffered: 'data is kept back until a block is full',
  'held-to-next': 'the last event waits for the next one',
  'held-to-end': 'data is kept back until the response ends',
  delayed: 'everything is late by the same time',
  'cut-at': 'connections are cut after a while',
  stripped: 'headers are taken away on the way',
  'method-denied': 'POST is not allowed',
  http10: 'a proxy speaks HTTP/1.0',
  'proxy-auth': 'a proxy wants credentials',
  rewritten: 'bytes are changed on the way',
  unavailable: 'answered by errors for a while',
};

const $ = (id) => document.getElementById(id);
const form = $('choice');
const current = () => form.elements.transport.value;
const topics = () => form.elements.topics.value.split(/[\s,]+/).filter(Boolean);

let source = null;
let position = null;
let since = 0; // when the transport that serves was proved, ms
let counts = { events: 0, repeated: 0, gaps: 0, reconnects: 0 };
let seen = new Set();
let rows = []; // waiting for the next frame, newest last

/** Hears events of every name. */
class Everything extends NeedleSource {
  dispatchEvent(event) {
    if (this === source && event instanceof MessageEvent) arrived(event);
    return super.dispatchEvent(event);
  }
}

function connect() {
  source?.close();
  if (topics().length === 0) {
    state('lost', 'name a topic');
    return;
  }
  const url = new URL('events', location.href);
  if (position) url.searchParams.set('position', position);
  const chosen = current();
  source = new Everything(url, { topics: topics(), ...(chosen !== 'auto' && { transports: [chosen] }) });
  for (const [type, take] of Object.entries(changes)) source.addEventListener(type, (event) => event.target === source && take(event));
  since = 0;
  $('transport').textContent = '–';
  state('waiting', 'connecting');
}

// ---- what arrives

const changes = {
  open: () => state('live', 'live'),
  transport() {
    since = Date.now();
    $('transport').textContent = source.transport;
    row('control', source.transport, '', reasons() || 'proved');
  },
  gap(gap) {
    counts.gaps++;
    row('control gap', 'gap', '', `${gap.reason}: ${gap.from} to ${gap.to} is gone`);
  },
  error({ verdict, title }) {
    counts.reconnects++;
    since = 0;
    const over = source.readyState === NeedleSource.CLOSED;
    state('lost', over ? 'refused' : 'disconnected');
    row('control gap', 'lost', '', title ?? WHY[verdict] ?? verdict ?? 'closed by the gateway');
  },
};

/** Why better transports were left. */
function reasons() {
  const left = RUNGS.slice(0, RUNGS.indexOf(source.transport)).filter((rung) => source.verdicts[rung]);
  return left.map((rung) => `${rung}: ${source.verdicts[rung]}`).join(', ');
}

function arrived({ type, data, lastEventId: id, topic, encoding }) {
  position = id;
  counts.events++;
  if (seen.has(id)) counts.repeated++;
  seen.add(id);
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value);
  row('event', topic, type === 'message' ? '' : type, (encoding ? '(base64) ' : '') + data);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  position = null; // other topics: from now
  counts = { events: 0, repeated: 0, gaps: 0, reconnects: 0 };
  seen = new Set();
  history.replaceState(null, '', `?${new URLSearchParams({ topics: topics().join(' ') })}`);
  connect();
});
form.addEventListener('change', (event) => {
  if (event.target.name !== 'transport') return;
  position = source?.position ?? position; // known before the first event has come
  connect();
});
$('stop').addEventListener('click', () => {
  source?.close();
  since = 0;
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
  const li = part('li', kind);
  const time = part('time', '', CLOCK.format(at));
  time.dateTime = at.toISOString();
  const label = part('span', 'topic', topic);
  if (name) label.append(' ', part('span', 'name', name));
  li.append(time, label, part('span', 'data', data.length > LONGEST ? `${data.slice(0, LONGEST)}… (${data.length} characters)` : data));
  return li;
}

function part(tag, kind, text = '') {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.textContent = text;
  return element;
}

// ---- the ladder

const steps = RUNGS.map((rung) => {
  const li = part('li');
  li.dataset.rung = rung;
  const [name, about] = RUNG[rung];
  const why = part('span', 'why');
  li.append(part('b', '', name), part('small', '', about), why);
  $('ladder').append(li);
  return { rung, li, why };
});

/** How a rung stands: it serves, was left for a reason, is good enough but not needed, or has not been tried. */
function standing(rung) {
  const verdict = source?.verdicts[rung];
  if (since && rung === source.transport) return ['serves', verdict && verdict !== 'clear' ? `serves; ${WHY[verdict] ?? verdict}` : 'serves'];
  if (!verdict) return ['new', 'not tried'];
  if (verdict === 'clear') return ['fine', 'works'];
  return ['left', `${verdict}: ${WHY[verdict] ?? ''}`];
}

function ladder() {
  for (const { rung, li, why } of steps) {
    const [is, text] = standing(rung);
    if (li.dataset.is !== is) li.dataset.is = is;
    if (why.textContent !== text) why.textContent = text;
  }
  $('proved').textContent = since ? `${Math.round((Date.now() - since) / 1000)} s ago` : '–';
}

const asked = new URLSearchParams(location.search);
if (asked.has('topics')) form.elements.topics.value = asked.get('topics');
setInterval(ladder, 250);
connect();
