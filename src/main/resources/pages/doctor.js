// The doctor: tries every transport beside the others, names what is done to each, and says what could be done about it.
// It never blames a network for what also stops /info: being slow, offline, behind a login page, or out of connections.

import { NeedleSource } from './needle.js';
import { RUNGS, WHY } from './needle-path.js';

const TIME = 9_000; // a head without data is waited for 4 s, a slow first reply 8 s
const NAMES = { sse: 'SSE', websocket: 'WebSocket', stream: 'Stream (POST)', cycle: 'Cycle', poll: 'Long poll' };
const PROBED = RUNGS.filter((rung) => NAMES[rung]);

/** By verdict: what it means, and what to do. */
const MEANING = {
  clear: ['Data comes through as it is sent.'],
  blocked: [
    'Refused, reset, or never answered.',
    'Let requests of this kind through to this host. For WebSocket: allow the Upgrade on port 443 (wss); clear-text ws is often blocked.',
  ],
  'killed-after-open': ['It opens and is closed within moments.', 'Exempt this host from the inspection that ends connections once they are open.'],
  swallowed: ['It opens, but no data comes.', 'Exempt this host from content scanning: responses that go on must be passed on while they come.'],
  buffered: [
    'Data is kept back until a block is full.',
    'Switch off response buffering for this host (nginx: proxy_buffering off; HAProxy: no wait-for-body; others: streaming mode).',
  ],
  'held-to-next': ['The last event waits for the next one.', 'Nothing has to be done: the gateway pushes it on. Switching buffering off would be better.'],
  'held-to-end': [
    'Data is kept back until the response ends.',
    'Switch off response buffering or content scanning for this host. Until then a WebSocket, or responses that end (Cycle), get through.',
  ],
  delayed: ['Everything is late by the same time, which does no harm.'],
  'cut-at': ['Connections are cut after a while.', 'Set the gateway’s heartbeat below the shortest idle time-out on the way, or raise that time-out.'],
  stripped: [
    'Headers are taken away on the way.',
    'Nothing has to be done for SSE and polls: what matters is in the URL too. For WebSocket: let Upgrade and Connection pass.',
  ],
  'method-denied': ['POST is not allowed.', 'Allow POST to this host if pages have to send; receiving works by GET.'],
  http10: ['A proxy speaks HTTP/1.0.', 'Let the proxy speak HTTP/1.1 to the gateway (nginx: proxy_http_version 1.1).'],
  'proxy-auth': ['A proxy wants credentials.', 'Give this browser the credentials of its proxy.'],
  rewritten: ['Bytes are changed on the way.', 'Use HTTPS, so that nobody can change what passes.'],
  'captive-portal': ['A login page answers instead of the gateway.', 'Log in to this network first, then look again.'],
  unavailable: ['The gateway, or what is in front of it, answers with errors.', 'Look whether the gateway runs; look again in a minute.'],
  offline: ['Nothing is answered.', 'Look whether this device is online; look again.'],
};

const $ = (id) => document.getElementById(id);
const form = $('choice');
const base = new URL('./', location.href);
let run = 0;

// ---- looking

/** What the transport under a probe has done, with times in ms. */
class Evidence {
  began = performance.now();
  lines = [];

  add(text) {
    if (this.lines.length < 12) this.lines.push(`${Math.round(performance.now() - this.began)} ms: ${text}`);
  }

  fetch = async (url, init) => {
    const watched = new URL(url).pathname.endsWith('/events');
    try {
      const answer = await fetch(url, init);
      if (!watched) return answer;
      this.add(`${answer.status || 'a redirect'}, ${answer.headers.get('content-type') ?? 'no type'}`);
      return answer.body ? new Response(this.#watch(answer.body), answer) : answer;
    } catch (failure) {
      if (watched && failure.name !== 'AbortError') this.add(failure.message);
      throw failure;
    }
  };

  #watch(body) {
    const pass = (chunk, to) => {
      this.add(`${chunk.length} bytes`);
      to.enqueue(chunk);
    };
    return body.pipeThrough(new TransformStream({ transform: pass, flush: () => this.add('the end') }));
  }

  get WebSocket() {
    const add = (text) => this.add(text);
    return class extends WebSocket {
      constructor(...how) {
        super(...how);
        this.addEventListener('open', () => add('open'));
        this.addEventListener('message', ({ data }) => add(`${data.length} characters`));
        this.addEventListener('close', ({ code }) => add(`closed, ${code}`));
      }
    };
  }
}

/** One rung by itself, in a session of its own, until it has a verdict or the time is over. */
function probe(rung, token, topic, show) {
  const evidence = new Evidence();
  return new Promise((done) => {
    const options = { topics: [topic], transports: [rung], token, fetch: evidence.fetch, WebSocket: evidence.WebSocket };
    const source = new NeedleSource(new URL('events', base), { ...options, storage: { getItem: () => null, setItem() {} } });
    const result = { rung, evidence: evidence.lines };
    const end = (verdict, note) => {
      clearInterval(looks);
      clearTimeout(over);
      source.close();
      show(Object.assign(result, { verdict, note, proved: source.transport === rung }));
      done(result);
    };
    const looks = setInterval(() => source.verdicts[rung] && source.verdicts[rung] !== 'held-to-next' && end(source.verdicts[rung]), 50);
    const over = setTimeout(() => end(source.verdicts[rung]), TIME);
    source.addEventListener('transport', () => end(source.verdicts[rung]));
    source.addEventListener('error', ({ verdict, title, status }) => {
      if (source.readyState === NeedleSource.CLOSED) end(undefined, `${title ?? 'refused'} (${status})`);
      else if (verdict ?? source.verdicts[rung]) end(verdict ?? source.verdicts[rung]);
    });
  });
}

/** How /info is answered: who the gateway thinks we are, or why nothing can be said. */
async function info() {
  const nonce = crypto.getRandomValues(new Uint32Array(2)).join('-');
  const began = performance.now();
  try {
    const signal = AbortSignal.timeout(8_000);
    const answer = await fetch(new URL(`info?nonce=${nonce}`, base), { cache: 'no-store', redirect: 'manual', signal });
    if (answer.status >= 500 && answer.status !== 511) return { why: WHY.away };
    const said = await answer.json();
    return said.nonce === nonce ? { said, ms: Math.round(performance.now() - began) } : { why: WHY.portal };
  } catch (failure) {
    return { why: failure instanceof SyntaxError ? WHY.portal : WHY.none };
  }
}

/** Whether a WebSocket says hello where nothing else is answered: then it is the browser that has no connection left. */
function socketAnswers(topic) {
  return new Promise((done) => {
    const url = new URL(`events?${new URLSearchParams({ topic, transport: 'websocket' })}`, base);
    const socket = new WebSocket(Object.assign(url, { protocol: url.protocol.replace('http', 'ws') }));
    const end = (answers) => {
      socket.close();
      done(answers);
    };
    socket.onmessage = () => end(true);
    socket.onclose = () => done(false);
    setTimeout(end, 3_000, false);
  });
}

/** Tells the gateway, which can then help clients that cannot find out by themselves. */
async function tell(results, topic, token) {
  const verdicts = results.filter(({ verdict }) => verdict).map(({ rung, verdict }) => `${rung}:${verdict}`);
  const query = new URLSearchParams({ topic, transport: 'poll', wait: 0, receipts: 1 });
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const [hello] = await (await fetch(new URL(`events?${query}`, base), { headers })).json();
  const receipt = new URLSearchParams({ session: hello.session, nonce: hello.nonce, position: hello.position, verdicts });
  await fetch(new URL(`receipts?${receipt}`, base));
}

async function look() {
  const mine = ++run;
  const topic = form.elements.topic.value.trim() || 'doctor';
  const token = form.elements.token.value.trim() || undefined;
  const results = [];
  const show = (result) => mine === run && showRung(result);
  start();
  const before = await info();
  if (before.said) {
    // four that stay: a browser has six connections to a host over HTTP/1.1
    await Promise.all(PROBED.map(async (rung) => results.push(await probe(rung, token, topic, show))));
  }
  const after = before.said ? await info() : before;
  const crowded = after.why === WHY.none && (await socketAnswers(topic));
  if (mine !== run) return;
  finish({ results: PROBED.map((rung) => results.find((each) => each.rung === rung)).filter(Boolean), before, after, crowded });
  if (after.said) tell(results, topic, token).catch(() => {});
}

// ---- showing

function start() {
  document.body.dataset.done = '';
  $('summary').dataset.is = '';
  $('summary').textContent = 'Looking…';
  $('advice').replaceChildren();
  $('report').textContent = '';
  $('ladder').replaceChildren(...PROBED.map(step));
}

function step(rung) {
  const li = part('li');
  li.dataset.rung = rung;
  li.dataset.is = 'trying';
  li.append(part('b', NAMES[rung]), part('small', ''), part('span', 'being tried', 'why'));
  return li;
}

function showRung({ rung, verdict, proved, note }) {
  const li = document.querySelector(`[data-rung=${rung}]`);
  li.dataset.is = verdict === 'clear' || proved ? 'fine' : 'left';
  li.dataset.verdict = verdict ?? '';
  li.children[1].textContent = verdict ?? 'not known';
  li.children[2].textContent = note ?? MEANING[verdict]?.[0] ?? 'Nothing could be found out in time.';
}

function part(tag, text, kind = '') {
  const element = document.createElement(tag);
  element.className = kind;
  element.textContent = text;
  return element;
}

/** The one line on top. */
function summary({ results, after, crowded }) {
  const clear = results.filter(({ verdict, proved }) => verdict === 'clear' || proved);
  const best = clear[0];
  const refused = results.find(({ note }) => note);
  if (crowded) return [false, 'This browser has no connection left: it opens six to one host, and other tabs hold them. The network is not to blame.'];
  if (!after.said) return [false, `${MEANING[after.why][0]} Nothing can be said about transports.`];
  if (!best && refused) return [false, `The gateway does not let this page in: ${refused.note}`];
  if (!best) return [false, 'No transport gets through, though the gateway can be reached.'];
  if (best.rung === 'sse' && clear.length === results.length) return [true, 'Everything gets through.'];
  return [true, `Events get through; the best transport here is ${NAMES[best.rung]}.`];
}

function advice({ results, after, crowded }) {
  if (crowded) return ['Close other tabs of this host, or use https: over HTTP/2 a hundred streams share one connection.'];
  const found = after.said ? results.map(({ verdict }) => verdict) : [after.why];
  const lines = [...new Set(found)].map((verdict) => MEANING[verdict]?.[1] && `${verdict}: ${MEANING[verdict][1]}`).filter(Boolean);
  const socket = results.find(({ rung }) => rung === 'websocket');
  if (location.protocol === 'http:' && socket?.verdict && socket.verdict !== 'clear') lines.push('Open this page by https: wss on port 443 passes where ws does not.');
  return lines.length ? lines : ['Nothing.'];
}

function finish(seen) {
  const [good, line] = summary(seen);
  $('summary').textContent = line;
  $('summary').dataset.is = good ? 'good' : 'bad';
  for (const li of document.querySelectorAll('#ladder [data-is=trying]')) {
    li.dataset.is = 'new';
    li.children[2].textContent = 'not tried';
  }
  $('advice').replaceChildren(...advice(seen).map((text) => part('li', text)));
  $('report').textContent = report(line, seen);
  document.body.dataset.done = 'yes';
}

function report(line, { results, before, after, crowded }) {
  const rungs = results.flatMap(({ rung, verdict, note, evidence }) => [
    `${NAMES[rung]}: ${verdict ?? note ?? 'not known'}${MEANING[verdict] ? `. ${MEANING[verdict][0]}` : ''}`,
    ...evidence.map((text) => `    ${text}`),
  ]);
  const { said, ms } = before;
  const asked = said
    ? [`/info answered in ${ms} ms, spoken to in ${said.protocol}`, `Headers as they arrived: ${JSON.stringify(said.headers)}`]
    : [`/info: ${before.why}`];
  if (said && !after.said) asked.push(`/info, asked again: ${after.why}`);
  return [
    `Needle network report, ${new Date().toISOString()}`,
    `${base}, by ${navigator.userAgent}`,
    line,
    '',
    ...asked,
    '',
    ...rungs,
    '',
    ...advice({ results, after, crowded }),
  ].join('\n');
}

$('copy').addEventListener('click', async () => {
  const text = $('report').textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren($('report')); // not allowed here: selected, so that one key copies it
  }
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  look();
});
look();
