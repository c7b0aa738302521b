// Chromium's own EventSource, without any library, on the networks that it can live with: every event, once, in order.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { EXPECTED, lostNothing, travel, warmUp } from './lib/matrix.mjs';
import { pageIn } from './lib/labpage.mjs';

/** The latest that an event may come, in ms, on a network that nobody has said anything about. */
const LATEST = 12_000;
const PROFILES = [
  'clear',
  'buffer-response',
  'buffer-4k',
  'late-by-one',
  'scan-tls',
  'idle-cut-4s',
  'max-life-5s',
  'max-life-5s-rst',
];

let browser;
let gateway;

before(async () => {
  browser = await launch('--ignore-certificate-errors');
  gateway = await Gateway.open();
  await warmUp(gateway, client({ late: 0 }));
});

after(async () => {
  await browser.close();
  await gateway.close();
});

const client = (worst) => async (lab, topic, journey) => {
  const page = await pageIn(browser, lab.url, (data) => {
    journey.event(data);
    worst.late = Math.max(worst.late, journey.events.at(-1).late);
  }, { library: false });
  return {
    start: () =>
      page.evaluate((url) => {
        const source = new EventSource(url);
        source.onmessage = ({ data }) => window.report(data);
      }, lab.events(topic)),
    leave: () => page.context().close(),
  };
};

describe('EventSource in Chromium', { concurrency: 4 }, () => {
  for (const profile of PROFILES) {
    test(`on ${profile}`, async () => {
      assert.ok(EXPECTED[profile]);
      const worst = { late: 0 };
      const made = await travel(gateway, profile, 'EventSource in Chromium', client(worst));
      lostNothing(made);
      assert.ok(worst.late <= LATEST, `at most ${LATEST} ms late: ${worst.late}`);
    });
  }
});
