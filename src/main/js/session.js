// One client over all its connections: opens what the ladder says, merges what arrives, and tells what was seen.

import { ends, judge, ladder, RUNGS, WHY } from './path.js';

const now = () => performance.now();
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(36)).join('');

/** Calls take with each line; a line end may come in two pieces. */
function lines(take) {
  let rest = '';
  let cr;
  return (text) => {
    if (!text) return;
    if (cr && text[0] == '\n') text = text.slice(1);
    cr = text.endsWith('\r');
    const [first, ...more] = text.split(/\r\n?|\n/);
    rest += first;
    for (const next of more) {
      take(rest);
      rest = next;
    }
  };
}

/** Calls take with the data of each SSE block (WHATWG HTML, 9.2.6); in the envelope data is all there is. */
export function blocks(take) {
  let data = '';
  return lines((line) => {
    if (/^data(:|$)/.test(line)) data += line.replace(/^data:? ?/, '') + '\n';
    if (line) return;
    if (data) take(data.slice(0, -1));
    data = '';
  });
}

/** CRC-32 of the UTF-8 bytes. */
function crc(text) {
  let sum = -1;
  for (const byte of new TextEncoder().encode(text)) {
    sum ^= byte;
    for (let bit = 8; bit--; ) sum = (sum >>> 1) ^ (sum & 1 && 0xedb88320);
  }
  return ~sum >>> 0;
}

/**
 * Follows main over whatever passes. tell(type, detail, state) is called for each event (type message), open, error, gap and
 * transport. Returns how to stop.
 */
export function session(main, options, tell) {
  const { transports = RUNGS, urls = [], fetch: get = fetch, WebSocket: Socket = globalThis.WebSocket } = options;
  const order = transports.filter((rung) => rung != 'websocket' || Socket);
  const walk = ladder(order, options.probe);
  const gates = [main, ...urls.map((base) => new URL('.' + main.pathname + main.search, base))];
  const memory = 'needle ' + main.origin;
  const over = new AbortController();
  const { signal } = over;
  const state = { readyState: 0, transport: null, position: main.searchParams.get('position') };
  const ids = new Set(); // delivered since two connections have been open
  let legs = []; // at most one on each rung
  let hello = {};
  let path = {};
  let gate = 0;
  let hold = 25e3;
  let refusals = 0;
  let pardons = 3;
  let doubts = 2; // how many connections /info is asked on: one that is kept for later may be dead like the one that went silent, and never answer
  let rang = Date.now();
  let asks = options.token; // to be shown with the next request; after that the session stands in for it
  let told = '{}';
  let storage, until, alarm, checks;

  main.searchParams.delete('position');
  // whoever has something forwarded must be able to come back before it has heard a word
  if (!/events$/.test(main.pathname)) hello = { session: random(), resume: random() };
  try {
    storage = options.storage ?? localStorage;
  } catch {
    // not here
  }

  const say = (type, detail) => tell(type, detail, state);
  const alive = (leg) => legs.includes(leg);
  const at = (name, query) => {
    const url = new URL(gates[gate]);
    if (name) {
      url.pathname = url.pathname.replace(/(events|proxy\/.*)$/, name);
      url.search = '';
    }
    for (const each in query) if (query[each] != null) url.searchParams.set(each, query[each]);
    return url;
  };
  const ask = (url, more) =>
    get(url, { cache: 'no-store', redirect: 'manual', credentials: options.withCredentials ? 'include' : 'same-origin', ...more });
  const stop = () => {
    over.abort();
    clearInterval(timer);
    legs.forEach(close);
  };
  const quit = (problem) => {
    stop();
    state.readyState = 2;
    say('error', problem);
  };

  // ---- walking the ladder

  const take = (...fact) => {
    if (signal.aborted) return;
    const { acts, on, best, out, tries, ...more } = walk(fact, now(), Math.random());
    alarm = more.alarm;
    state.verdicts = more.found;
    if (tries && fact[0] == 'time') gate = (gate + 1) % gates.length;
    for (const act of acts) {
      const [what, rung] = act.split(' ');
      moves[what](rung);
    }
    storage?.setItem(memory, JSON.stringify({ rung: best, out, at: Date.now() }));
    if (on == state.transport || !on) return;
    state.transport = on;
    say('transport');
  };

  // far too late means that the machine has slept, which says nothing of the network; hidden pages get a timer a minute
  const ring = () => {
    for (const leg of legs) stall(leg);
    const slept = Date.now() - rang > (globalThis.document?.hidden ? 9e4 : 5e3);
    rang = Date.now();
    if (slept) return wake('wake');
    const expires = until < rang;
    if (expires) asks = options.token;
    if (expires) until = Infinity;
    for (const leg of legs) {
      if (!leg.proved || ends(leg.rung)) review(leg);
      else if (now() - leg.heard > 2 * hello.heartbeat + 5e3) saw(leg, 'silence');
      else if (expires) leave(leg, 0);
    }
    if (alarm <= now()) take('time');
  };
  const wake = (fact) => {
    for (const leg of legs) leg.heard = now();
    doubts = 3;
    take(fact);
  };

  // what has waited in front of a busy machine comes all at once, as if it had been held
  const stall = (leg) => (leg.stalled ||= Date.now() - rang > 600);
  const close = (leg) => {
    legs = legs.filter((each) => each != leg);
    leg.stop?.();
  };
  const leave = (leg, delay) => {
    close(leg);
    take('bye', leg.rung, delay);
  };
  const open = (rung, proved) => {
    const leg = { rung, proved, seen: [], began: now(), heard: now() };
    moves.close(rung);
    legs = [...legs, leg];
    run(leg).catch(() => saw(leg, 'reset'));
  };
  const moves = {
    open,
    close: (rung) => legs.filter((leg) => leg.rung == rung).forEach(close),
    adopt: (rung) => legs.filter((leg) => leg.rung != rung && (leg.proved || order.indexOf(leg.rung) > order.indexOf(rung))).forEach(close),
    async check() {
      const mine = (checks = {});
      const nonce = random();
      const began = now();
      let info = 'none';
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), 8e3);
      const asked = async (ms) => {
        await sleep(ms);
        return ask(at('info', { nonce }), { headers: { Accept: 'application/json' }, signal: stop.signal });
      };
      const times = [0, 500, 1e3].slice(0, doubts);
      doubts = 1;
      try {
        const answer = await Promise.any(times.map(asked));
        info = answer.status < 400 || answer.status == 511 ? 'portal' : answer.status < 500 ? 'odd' : 'away';
        const said = await answer.json();
        if (said.nonce == nonce) {
          info = 'ours';
          path = { rtt: now() - began, missing: !said.headers.accept, http10: said.protocol == 'HTTP/1.0' };
        }
      } catch {
        // info says what is known
      }
      clearTimeout(timer);
      stop.abort();
      if (mine != checks) return;
      take('checked', info, now() - began);
      if (legs.length) return;
      state.readyState = 0;
      say('error', { verdict: WHY[info] });
    },
  };

  // ---- one attempt

  // before the first hello one goes ahead, so that all the others join its session at a position
  const run = async (leg) => {
    const { rung } = leg;
    const poll = /poll/.test(rung);
    const cycle = rung == 'cycle';
    for (let i = 40; i-- && !state.position && legs.length > 1; ) await sleep(50);
    while (alive(leg)) {
      const again = leg.claim;
      leg.hold = !ends(rung) || !state.position || rung == 'short-poll' ? 0 : cycle && !leg.proved ? 1e3 : hold;
      const headers = { ...options.headers, Accept: poll ? 'application/json' : rung == 'stream' ? 'application/x-ndjson' : 'text/event-stream' };
      const query = {
        transport: cycle ? 'sse' : rung.replace('short-', ''),
        mode: cycle ? rung : null,
        wait: ends(rung) ? Math.ceil(leg.hold / 1e3) : null,
        envelope: 'json',
        receipts: 1,
        sum: 1,
      };
      if (asks) until = await (await import(new URL('needle-more.js', import.meta.url))).show(asks, { headers, query, ticket: rung == 'websocket' || refusals, at, ask });
      const { session, resume } = hello;
      const { position } = state;
      Object.assign(leg, { claim: session ?? 1, at: position, seen: [], began: now(), heard: now(), nonce: 0, news: 0, stalled: 0 });
      const url = at('', { ...query, position, session, resume });
      if (rung == 'websocket') return socket(leg, url);
      await read(leg, url, headers);
      const took = now() - leg.began;
      if (took >= leg.hold) hold = Math.min(25e3, hold * 1.05);
      if (again && !leg.news && took < 1e3) await sleep(3e3);
      if (leg.news && legs.length > 1) await sleep(250); // it only has to last until a better one is proved
    }
  };

  const socket = (leg, url) => {
    url.protocol = url.protocol.replace('http', 'ws');
    const ws = new Socket(url, 'needle.v1');
    leg.stop = () => ws.close();
    leg.send = (frame) => ws.send(JSON.stringify(frame));
    ws.onopen = () => saw(leg, 'status', 101);
    ws.onerror = ({ message }) => {
      const status = /response: (\d+)/.exec(message); // npm's ws knows it, browsers do not
      if (status) saw(leg, 'status', +status[1]);
    };
    ws.onmessage = ({ data }) => parse(leg, data);
    ws.onclose = ({ code }) => (code > 4400 ? refused(leg, { status: code - 4000 }) : saw(leg, code == 1006 ? 'reset' : 'close', code));
  };

  const read = async (leg, url, headers) => {
    const stop = new AbortController();
    leg.stop = () => stop.abort();
    const { method = leg.rung == 'stream' ? 'POST' : 'GET', body } = options;
    const answer = await ask(url, { method, body, headers, signal: stop.signal });
    const type = answer.headers.get('content-type') ?? '';
    if (/problem/.test(type)) return refused(leg, answer);
    if (answer.status == 204) return quit();
    saw(leg, 'status', answer.status || 302);
    if (!type.includes(headers.Accept)) saw(leg, 'other');
    if (/poll/.test(leg.rung)) {
      const [first, ...more] = await answer.json();
      hear(leg, { ...first, position: 0 });
      for (const each of more) hear(leg, each);
      place(leg, first.position); // the one behind this answer
    } else {
      const reader = answer.body.getReader();
      const text = new TextDecoder();
      const feed = (leg.rung == 'stream' ? lines : blocks)((json) => json && parse(leg, json));
      for (let part; !(part = await reader.read()).done; ) {
        nudge(leg); // a comment is a sign of life too
        feed(text.decode(part.value, { stream: true }));
      }
    }
    saw(leg, 'end');
  };

  // by the gateway itself, which says so
  const refused = async (leg, answer) => {
    const { status } = answer;
    if (/408|429|503/.test(status)) return leave(leg, (answer.headers.get('retry-after') ?? 5) * 1e3);
    if (!/401|403/.test(status) || refusals++ > 2) return quit(await answer.json?.());
    close(leg);
    asks = options.token;
    hello = {};
    take('refused', leg.rung);
  };

  const saw = (leg, what, value) => {
    if (!alive(leg)) return;
    stall(leg);
    if (what == 'silence') doubts = 3;
    const time = now() - leg.began;
    if (/tick|event/.test(what) && ((leg.proved && !ends(leg.rung)) || (what == 'event' && time - leg.seen.at(-1)?.[0] < 125))) return;
    leg.seen.push([time, what, value]);
    review(leg);
  };

  const review = (leg) => {
    const { rung, seen, began } = leg;
    const { verdict, proved, wake, how } = judge({ ...leg, ...path }, now() - began);
    const cut = verdict == 'cut-at';
    // what is held comes all at once, and its end a moment later
    if (!verdict || (verdict == 'buffered' && !how && now() - leg.heard < 125)) return;
    // a cut is remembered until something else is found
    if (proved ? !cut && state.verdicts[rung] != 'cut-at' : wake) state.verdicts[rung] = verdict;
    if (proved && !leg.proved) {
      leg.proved = 1;
      take('proved', rung);
    }
    if (!alive(leg) || (proved ? !how || (how == 'end' && ends(rung) && leg.delay == null) : wake)) return;
    if (proved ? !cut : verdict == 'clear') return leave(leg, leg.delay ?? 0);
    if (leg.stalled && /held|buff/.test(verdict) && pardons-- > 0) return leave(leg, 1e3);
    close(leg);
    if (/cut|unav/.test(verdict)) hold = Math.max(2e3, hold / 2);
    take('over', rung, verdict, seen.find(([, what]) => what == 'status')?.[2] ?? 0, now() - began);
  };

  // ---- what arrives

  const parse = (leg, text) => {
    nudge(leg);
    try {
      text = JSON.parse(text);
    } catch {
      text = { sum: 0 };
    }
    hear(leg, text);
  };

  const hear = (leg, object) => {
    const { control, id, sum, data = '' } = object;
    if (!alive(leg)) return;
    if (control) {
      controls[control]?.(leg, object);
      place(leg, object.position);
      return saw(leg, control);
    }
    if (sum != null && sum != crc(data)) return saw(leg, 'damaged');
    leg.at = id;
    leg.news = 1;
    if (!ids.has(id)) {
      state.position = id;
      if (legs.length == 1) ids.clear();
      else ids.add(id);
      say('message', object);
    }
    // somebody is hopelessly behind
    if (ids.size > 2e4) {
      ids.clear();
      for (const other of legs) if (other != leg) open(other.rung, other.proved);
    }
    saw(leg, 'event');
  };

  // only who is up with all others knows where we are
  const place = (leg, where) => {
    if (alive(leg) && where && leg.at == state.position) leg.at = state.position = where;
  };

  const controls = {
    hello(leg, said) {
      if (hello.session && leg.claim != hello.session) return open(leg.rung, leg.proved); // joined apart from the others
      hello = said;
      leg.nonce = said.nonce;
      asks = refusals = 0;
      leg.send?.({ control: 'echo', nonce: said.nonce });
      receipt(leg);
      if (state.readyState) return;
      state.readyState = 1;
      say('open');
    },
    gap: (leg, gap) => say('gap', gap),
    switch: (leg, { transport, reason }) => take('switch', transport, reason),
    bye(leg, { reason, retryAfter }) {
      if (/end|failed/.test(reason)) return quit();
      if (reason == 'expired') asks = options.token;
      leg.delay = /replaced|unproved|expired/.test(reason) ? 0 : retryAfter;
    },
  };

  const nudge = (leg) => {
    leg.heard = now();
    leg.due ||= setTimeout(() => {
      leg.due = 0;
      if (alive(leg)) receipt(leg);
    }, 250);
  };

  // by GET, which passes wherever anything does
  const receipt = (leg) => {
    const said = JSON.stringify(state.verdicts);
    if (!leg.nonce || (ends(leg.rung) && said == told)) return; // the next poll is a receipt by itself
    const verdicts = said == told ? null : leg.send ? state.verdicts : said.replace(/[{}"]/g, '');
    const receipt = { session: hello.session, nonce: leg.nonce, position: leg.at, verdicts };
    told = said;
    if (leg.send) leg.send({ control: 'receipt', ...receipt });
    else ask(at('receipts', receipt)).catch(() => {});
  };

  const look = () => globalThis.document?.hidden || ring();
  globalThis.addEventListener?.('online', () => wake('network'), { signal });
  globalThis.addEventListener?.('pageshow', look, { signal });
  globalThis.document?.addEventListener('visibilitychange', look, { signal });
  const kept = JSON.parse(storage?.getItem(memory) ?? null);
  const timer = setInterval(ring, 250);
  take('start', kept?.at > Date.now() - 18e5 && kept);
  return stop;
}
