// One client on one hostile network: what it gets, when, and what it has to get. Figures go into the lab's matrix.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from './gateway.mjs';

const PATIENCE = 60_000;

/** What the table of src/docs/lab.md comes to with a ladder; the file explains its fields. */
const file = new URL('../../test-classes/lab/expected.json', import.meta.url);
export const EXPECTED = JSON.parse(readFileSync(file, 'utf8')).profiles;

const time = ({ seconds, quiet = 0 }) => seconds + quiet;

/** Those that take longest first, so that all together take as little as can be. */
export const PROFILES = Object.keys(EXPECTED).sort((a, b) => time(EXPECTED[b]) - time(EXPECTED[a]));

/** What a client reports while it travels. */
export class Journey {
  began = Date.now();
  events = [];
  moves = [];
  verdicts = {};
  found = {};
  troubles = new Set();
  gaps = 0;
  #last;
  #done;
  whole = new Promise((done) => (this.#done = done));

  constructor(count) {
    this.#last = count - 1;
  }

  event(data, now = Date.now()) {
    const { n, at } = JSON.parse(data);
    this.events.push({ n, at, late: now - at });
    if (n === this.#last) this.#done();
  }

  transport(rung, now = Date.now()) {
    if (rung && this.moves.at(-1)?.rung !== rung) this.moves.push({ rung, after: now - this.began });
  }

  verdict(rung, verdict) {
    if (!verdict) return;
    this.verdicts[rung] = verdict;
    (this.found[rung] ??= new Set()).add(verdict);
  }

  trouble(verdict) {
    this.troubles.add(verdict);
  }

  gap() {
    this.gaps++;
  }

  /** Every number from the first that came to the last that was published, and whether they came in order. */
  figures() {
    const numbers = this.events.map(({ n }) => n);
    const distinct = new Set(numbers);
    const expected = numbers.length ? this.#last - Math.min(...numbers) + 1 : 0;
    const { events, moves } = this;
    const tail = events.slice(-Math.ceil(events.length / 3)).map(({ late }) => late);
    return {
      first: events.length ? events[0].at + events[0].late - this.began : -1,
      proved: moves[0]?.after ?? -1,
      best: moves.at(-1)?.after ?? -1,
      transport: moves.at(-1)?.rung ?? '',
      switches: Math.max(0, moves.length - 1),
      lost: expected - distinct.size,
      doubled: numbers.length - distinct.size,
      late: tail.sort((a, b) => a - b)[Math.ceil(0.95 * tail.length) - 1] ?? -1,
      verdicts: this.verdicts,
      inOrder: numbers.every((n, i) => i === 0 || n > numbers[i - 1]),
    };
  }
}

/** Waits for it, but not longer than that. */
export const bounded = (promise, ms) => {
  let timer;
  const late = new Promise((done) => (timer = setTimeout(done, ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** Puts what a client made of a profile into the matrix. */
export function note(profile, client, { inOrder, ...cell }) {
  return call(`/matrix?${new URLSearchParams({ profile, client })}`, JSON.stringify(cell));
}

const plainly = async (url) => (await fetch(url)).text();

/** How long the two requests take that everything begins with, without a lab between, in ms: little on a machine that has nothing else to do. */
async function pace(gateway, get) {
  const began = performance.now();
  await get(`${gateway.url}/info`);
  await get(gateway.events('pace', { transport: 'poll', wait: 0 }));
  return performance.now() - began;
}

/**
 * Looks how late timers are, here or in a page; returns how to end that, for how late 95 of 100 were in the last third of the time, in ms.
 * One that is late by several periods stands for all that it has kept from coming, as it would for as many events.
 */
export function watch() {
  const lates = [];
  let due = performance.now() + 50;
  const timer = setInterval(() => {
    let late = performance.now() - due;
    do lates.push(late);
    while ((late -= 50) > 0);
    due = performance.now() + 50;
  }, 50);
  return () => {
    clearInterval(timer);
    const tail = lates.slice(-Math.ceil(lates.length / 3)).sort((a, b) => a - b);
    return Math.max(0, tail[Math.floor(0.95 * tail.length)] ?? 0);
  };
}

/** So many are under way at a time: two processors have no more for Chromium's pages. */
const AT_ONCE = 14;
const waiting = [];
let free = AT_ONCE;

async function inItsPlace(work) {
  if (free) free--;
  else await new Promise((go) => waiting.push(go));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

/** They do not all begin in the same moment. */
const APART = 500;
let door = Promise.resolve();

/** Returns what the machine takes longer for than one with nothing else to do, in ms: for first moments, and for 95 of 100 events. */
async function underWay(gateway, profile, { lab, topic, journey, count }, { start, leave, get = plainly }) {
  const { seconds, rate = 10, quiet = 0 } = EXPECTED[profile];
  await (door = door.then(() => pause(APART)));
  const slow = 3 * (await pace(gateway, get));
  const watched = watch();
  let inClient = 0;
  try {
    await lab.change(profile, 'stay'); // its timetable begins now
    await gateway.flow(topic, 0, count - 1, rate);
    journey.began = Date.now();
    await start();
    await pause((seconds + quiet) * 1000);
    await gateway.flow(topic, count - 1, count, rate);
    await bounded(journey.whole, PATIENCE);
  } finally {
    inClient = (await leave()) ?? 0;
  }
  const late = 3 * Math.max(watched(), inClient);
  return { slow, late };
}

/**
 * A client's journey on a profile's network. `client` is a function (lab, topic, journey) that prepares all that is no part of the journey,
 * as a page, and returns how to start, which subscribes and reports, how to leave, which says how late the client's
 * timers were, and how it gets an address, if it is not this process.
 */
export async function travel(gateway, profile, name, client) {
  const { tls, proxy, seconds, rate = 10 } = EXPECTED[profile];
  const count = rate * seconds + 1;
  const topic = `${profile}/${name.replaceAll(' ', '-')}`;
  const lab = await gateway.lab(profile, { ...(tls && { tls: 1 }), ...(proxy && { 'raw-tls': 1 }) });
  const journey = new Journey(count);
  const traveller = await client(lab, topic, journey);
  const machine = await inItsPlace(() => underWay(gateway, profile, { lab, topic, journey, count }, traveller));
  const asked = await lab.seen();
  const figures = { ...journey.figures(), requests: asked.length };
  await lab.close();
  await note(profile, name, figures);
  const streams = asked.filter(({ uri }) => uri.includes('transport=sse') && !uri.includes('mode=cycle')).length;
  const worst = Math.max(...journey.events.map(({ late }) => late));
  return { ...figures, moves: journey.moves, found: journey.found, troubles: [...journey.troubles], gaps: journey.gaps, streams, worst, machine };
}

/** Once before it counts: the first requests of a gateway's JVM take seconds. */
export async function warmUp(gateway, client) {
  const lab = await gateway.lab('clear', { tls: 1 });
  const journey = new Journey(40);
  const { start, leave } = await client(lab, 'warm-up', journey);
  await gateway.flow('warm-up', 0, 40, 4);
  await start();
  await bounded(journey.whole, 20_000);
  await leave();
  await lab.close();
}

/** Every event from the first, once, in order. */
export function lostNothing({ lost, doubled, inOrder, first, ...rest }) {
  const what = JSON.stringify(rest);
  assert.ok(first >= 0, `something came: ${what}`);
  assert.deepEqual({ lost, doubled, inOrder }, { lost: 0, doubled: 0, inOrder: true }, what);
}

/** All that the table says of a client with a ladder, and of a machine that has as much else to do as was seen. */
export function asExpected(profile, made) {
  const { first, proved, best, rungs, verdicts = {}, late = Infinity, worst = Infinity, streams = Infinity, trouble } = EXPECTED[profile];
  const what = JSON.stringify(made, (_, value) => (value instanceof Set ? [...value] : value));
  const { machine } = made;
  lostNothing(made);
  assert.equal(made.gaps, 0, what);
  assert.ok(made.first <= first + machine.slow, `first event within ${first}: ${what}`);
  assert.ok(made.proved >= 0 && made.proved <= proved + machine.slow, `proved within ${proved}: ${what}`);
  const there = made.moves.find(({ rung }) => rungs.includes(rung));
  assert.ok(there?.after <= best, `on one of ${rungs} within ${best}: ${what}`);
  assert.ok(rungs.includes(made.transport), `stays on one of ${rungs}: ${what}`);
  assert.ok(made.late <= late + machine.late, `p95 within ${late}: ${what}`);
  assert.ok(made.worst <= worst, `every event within ${worst}: ${what}`);
  assert.ok(made.streams <= streams, `at most ${streams} requests for SSE: ${what}`);
  if (trouble) assert.ok(made.troubles.includes(trouble), `${trouble}: ${what}`);
  for (const [rung, names] of Object.entries(verdicts)) assert.ok(names.some((name) => made.found[rung]?.has(name)), `${rung} is ${names}: ${what}`);
}
