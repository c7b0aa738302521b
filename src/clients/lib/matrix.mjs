// One client on one hostile network: what it gets, when, and what it has to get. Figures go into the lab's matrix.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { call } from './gateway.mjs';

const RATE = 10;
const PATIENCE = 60_000;

/** What the table of src/docs/lab.md comes to with a ladder; the file explains its fields. */
const file = new URL('../../test-classes/lab/expected.json', import.meta.url);
export const EXPECTED = JSON.parse(readFileSync(file, 'utf8')).profiles;

/** Those that take longest first, so that all together take as little as can be. */
export const PROFILES = Object.keys(EXPECTED).sort((a, b) => EXPECTED[b].seconds - EXPECTED[a].seconds);

/** What a client reports while it travels. */
class Journey {
  began = Date.now();
  events = [];
  moves = [];
  verdicts = {};
  found = {};
  #last;
  #done;
  whole = new Promise((done) => (this.#done = done));

  constructor(count) {
    this.#last = count - 1;
  }

  event(data) {
    const { n, at } = JSON.parse(data);
    this.events.push({ n, at, late: Date.now() - at });
    if (n === this.#last) this.#done();
  }

  transport(rung) {
    if (rung && this.moves.at(-1)?.rung !== rung) this.moves.push({ rung, after: Date.now() - this.began });
  }

  verdict(rung, verdict) {
    if (!verdict) return;
    this.verdicts[rung] = verdict;
    (this.found[rung] ??= new Set()).add(verdict);
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

const bounded = (promise, ms) => {
  let timer;
  const late = new Promise((done) => (timer = setTimeout(done, ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/**
 * A client's journey on a profile's network. `client` is a function (lab, topic, journey) that prepares all that is no part of the journey,
 * as a page, and returns how to start, which subscribes and reports, and how to leave.
 */
export async function travel(gateway, profile, name, client) {
  const expected = EXPECTED[profile];
  const count = RATE * (expected.seconds);
  const topic = `${profile}/${name.replaceAll(' ', '-')}`;
  const lab = await gateway.lab(profile, { ...(expected.tls && { tls: 1 }), ...(expected.proxy && { 'raw-tls': 1 }) });
  const journey = new Journey(count);
  const { start, leave } = await client(lab, topic, journey);
  try {
    await lab.change(profile, 'stay'); // its timetable begins now
    await gateway.flow(topic, 0, count, RATE);
    journey.began = Date.now();
    await start();
    await bounded(journey.whole, count * (1000 / RATE) + PATIENCE);
  } finally {
    await leave();
  }
  const { inOrder, ...cell } = journey.figures();
  cell.requests = (await lab.seen()).length;
  await lab.close();
  await call(`/matrix?${new URLSearchParams({ profile, client: name })}`, JSON.stringify(cell));
  return { inOrder, ...cell, moves: journey.moves, found: journey.found };
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

/** All that the table says of a client with a ladder. */
export function asExpected(profile, made) {
  const { first, proved, best, rungs, verdicts = {}, late = Infinity } = EXPECTED[profile];
  const what = JSON.stringify(made);
  lostNothing(made);
  assert.ok(made.first <= first, `first event within ${first}: ${what}`);
  assert.ok(made.proved >= 0 && made.proved <= proved, `proved within ${proved}: ${what}`);
  assert.ok(made.best <= best, `best within ${best}: ${what}`);
  if (rungs) assert.ok(rungs.includes(made.transport), `comes to ${rungs}: ${what}`);
  assert.ok(made.late <= late, `p95 below ${late}: ${what}`);
  for (const [rung, names] of Object.entries(verdicts)) assert.ok(names.some((name) => made.found[rung]?.has(name)), `${rung} is ${names}: ${what}`);
}
