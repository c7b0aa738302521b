// NeedleSource in Node on a network that is another one all the time, at 1,000 events a second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Gateway } from './lib/gateway.mjs';
import { NeedleSource, options } from './lib/needle.mjs';

const CHANGES = 200;
const RATE = 1_000;
const PROBE = 2_000;
/** From its answer to its proof: two ticks, a receipt, and what a busy machine takes. */
const PROOF = 3_000;
const SEED = 20;
const PROFILES = [
  'clear', 'buffer-response', 'buffer-4k', 'late-by-one', 'cork-200ms', 'scan-tls', 'scan-tls-no-ws', 'strip-upgrade', 'reset-upgrade', 'drop-upgrade',
  'kill-after-101', 'swallow', 'deny-event-stream', 'get-only', 'strip-headers', 'idle-cut-4s', 'max-life-5s', 'max-life-5s-rst', 'rewrite', 'http10', 'blip-502',
];
const OLD = ['lost', 'stranded', 'stay'];

/** A small generator of numbers below 1, the same ones each time. */
function seeded(state) {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function until(condition, what, patience) {
  const began = performance.now();
  while (!condition()) {
    assert.ok(performance.now() - began < patience, `${what} within ${patience} ms`);
    await pause(20);
  }
  return performance.now() - began;
}

test(`${CHANGES} changes lose nothing and repeat nothing, and the best transport is back when the network is clear`, async (t) => {
  const random = seeded(SEED);
  const one = (all) => all[Math.floor(random() * all.length)];
  const plan = Array.from({ length: CHANGES }, () => ({ wait: 100 + random() * 900, profile: one(PROFILES), old: one(OLD) }));
  const seconds = Math.ceil(plan.reduce((sum, { wait }) => sum + wait, 0) / 1000) + 60; // with what comes after the changes
  const gateway = await Gateway.open({ keeping: 1_000_000 });
  const lab = await gateway.lab('clear');
  const source = new NeedleSource(lab.events('changes'), options({ probe: PROBE }));
  t.after(async () => {
    source.close();
    await lab.close();
    await gateway.close();
  });
  const story = [];
  const wrong = [];
  let next = null;
  source.addEventListener('transport', () => story.push(`${next}: on ${source.transport}`));
  source.addEventListener('gap', () => wrong.push(`a gap after ${next}`));
  source.addEventListener('message', ({ data }) => {
    const { n } = JSON.parse(data);
    if (next !== null && n !== next) wrong.push(`${n} instead of ${next}`);
    next = n + 1;
  });
  await until(() => source.transport === 'sse', 'sse', 20_000);
  await gateway.flow('changes', 0, seconds * RATE, RATE);
  const began = performance.now();
  const published = () => Math.min(seconds * RATE, (performance.now() - began) * (RATE / 1000));
  for (const { wait, profile, old } of plan) {
    await pause(wait);
    await lab.change(profile, old);
    story.push(`${next}: the network becomes ${profile}, what is open is ${old}`);
  }
  await lab.change('deny-event-stream');
  const told = () => story.slice(-60).join('\n');
  await until(() => /websocket|stream/.test(source.transport), `another transport:\n${told()}`, 60_000);
  await until(() => next > published() - RATE, `what is missing:\n${told()}`, 60_000);
  await lab.change('clear', 'stay');
  const back = await until(() => source.transport === 'sse', `sse again:\n${told()}`, PROBE + PROOF);
  t.diagnostic(`needle: back on the best transport after ${Math.round(back)} ms`);
  await until(() => next === seconds * RATE, `the last event, ${seconds * RATE - 1}:\n${told()}`, (seconds + 60) * 1000);
  assert.deepEqual(wrong, [], told());
});
