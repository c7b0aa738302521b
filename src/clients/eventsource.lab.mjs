// Chromium's own EventSource, without any library, behind networks that hold data or cut connections.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { bounded, Journey, lostNothing, note } from './lib/matrix.mjs';

/** Networks, and what a library would call them. */
const NETWORKS = {
  clear: 'clear',
  'buffer-response': 'held-to-end',
  'buffer-4k': 'buffered',
  'late-by-one': 'held-to-next',
  'scan-tls': 'held-to-end',
  'idle-cut-4s': 'cut-at',
  'max-life-5s': 'cut-at',
  'max-life-5s-rst': 'cut-at',
};
const PUBLISHED = { count: 20, every: 500 };
/** What cuts silence has to meet some. */
const SELDOM = { count: 5, every: 5_000 };
const BOUND = 12_000;

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

/** What a session of a library, or the doctor, says once it has found out. */
async function name(lab, verdict) {
  const poll = await fetch(lab.events('named', { transport: 'poll', wait: 0, receipts: 1 }));
  const [{ session, nonce }] = await poll.json();
  const body = JSON.stringify({ session, nonce, verdicts: { sse: verdict } });
  const receipt = await fetch(`${lab.url}/receipts`, { method: 'POST', body });
  assert.equal(receipt.status, 204);
}

/** What an EventSource behind a network gets, which has to be everything once and in order: how long each was on its way, in ms. */
async function behind(profile, verdict) {
  const { count, every } = profile === 'idle-cut-4s' ? SELDOM : PUBLISHED;
  const gateway = await Gateway.open();
  const lab = await gateway.lab(profile);
  const page = await browser.newPage();
  const journey = new Journey(count);
  try {
    if (verdict) await name(lab, verdict);
    await page.exposeFunction('take', (data) => journey.event(data));
    await page.goto(`${lab.url}/info`); // any page of the same origin that follows nothing itself
    journey.began = Date.now();
    await page.evaluate((url) => {
      const source = new EventSource(url);
      source.onmessage = ({ data }) => window.take(data);
    }, lab.events('t'));
    while ((await gateway.meter('needle.subscribers')) < 1) await pause(20);
    for (let n = 0; n < count; n++) {
      await gateway.publish('t', JSON.stringify({ n, at: Date.now() }));
      await pause(every);
    }
    await bounded(journey.whole, BOUND);
    const figures = { ...journey.figures(), transport: 'sse', requests: (await lab.seen()).length };
    if (!verdict) await note(profile, 'EventSource in Chromium', figures);
    lostNothing(figures);
    assert.equal(journey.events[0].n, 0);
    return journey.events.map(({ late }) => late).sort((a, b) => a - b);
  } finally {
    await page.close();
    await lab.close();
    await gateway.close();
  }
}

describe('an EventSource', { concurrency: 8 }, () => {
  for (const profile of Object.keys(NETWORKS)) {
    test(`behind ${profile} gets every event, once, in order, within 12 s`, async (t) => {
      const worst = (await behind(profile)).at(-1);
      t.diagnostic(`needle: ${profile} unnamed: at most ${worst} ms`);
      assert.ok(worst <= BOUND, `one took ${worst} ms`);
    });
  }

  for (const [profile, verdict] of Object.entries(NETWORKS)) {
    test(`behind ${profile} gets 95 of 100 within 1 s once somebody has named it`, async (t) => {
      const took = await behind(profile, verdict);
      const p95 = took[Math.ceil(took.length * 0.95) - 1];
      t.diagnostic(`needle: ${profile} named ${verdict}: p95 ${p95} ms, at most ${took.at(-1)} ms`);
      assert.ok(p95 < 1_000, `p95 is ${p95} ms: ${took}`);
      assert.ok(took.at(-1) <= BOUND);
    });
  }
});
