// The doctor's page in Chromium, behind the lab's profiles.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';

const PATIENCE = 30_000;
let browser;
let gateway;

before(async () => {
  browser = await launch();
  gateway = await Gateway.open();
});

after(async () => {
  await browser.close();
  await gateway.close();
});

/** What the doctor says there: verdicts by rung, its one line, its advice and its report. `first` is done before it looks. */
async function visit(profile, first = async () => {}) {
  const lab = await gateway.lab('clear');
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => /Content Security Policy/.test(message.text()) && complaints.push(message.text()));
  try {
    await page.goto(`${lab.url}/doctor`);
    await page.waitForFunction(() => document.body.dataset.done === 'yes', null, { timeout: PATIENCE });
    await lab.change(profile);
    await first(page, lab);
    await page.click('#again');
    await page.waitForFunction(() => document.body.dataset.done === 'yes', null, { timeout: PATIENCE });
    assert.deepEqual(complaints, []);
    return {
      verdicts: await page.$$eval('#ladder li', (all) => Object.fromEntries(all.map((li) => [li.dataset.rung, li.dataset.verdict ?? '']))),
      summary: await page.textContent('#summary'),
      advice: await page.textContent('#advice'),
      report: await page.textContent('#report'),
      requests: await lab.seen(),
    };
  } finally {
    await page.close();
    await lab.close();
  }
}

const SAYS = {
  clear: [{ sse: /clear/, websocket: /clear/, stream: /clear/, cycle: /clear/, poll: /clear/ }, /Everything gets through/, /Nothing/],
  'buffer-response': [{ sse: /held-to-end/, stream: /held-to-end/, websocket: /clear/, cycle: /clear/ }, /WebSocket/, /buffering/],
  'scan-tls-no-ws': [{ sse: /held-to-end/, websocket: /blocked|stripped/, cycle: /clear/, poll: /clear/ }, /Cycle/, /Upgrade/],
  swallow: [{ sse: /swallowed/, websocket: /swallowed/, stream: /swallowed/, poll: /clear/ }, /Long poll/, /scanning/],
  'deny-event-stream': [{ sse: /blocked/, websocket: /clear/, poll: /clear/ }, /WebSocket/, /Let requests/],
  'get-only': [{ sse: /clear/, stream: /method-denied/ }, /SSE/, /Allow POST/],
  'strip-headers': [{ sse: /stripped/, websocket: /clear/ }, /Everything gets through/, /what matters is in the URL/],
  'kill-after-101': [{ sse: /clear/, websocket: /killed-after-open|blocked/ }, /SSE/, /Exempt/],
};

describe('behind the profile', { concurrency: 2 }, () => {
  for (const [profile, [verdicts, summary, advice]] of Object.entries(SAYS)) {
    test(profile, async () => {
      const said = await visit(profile);
      for (const [rung, verdict] of Object.entries(verdicts)) assert.match(said.verdicts[rung], verdict, `${rung}\n${said.report}`);
      assert.match(said.summary, summary, said.report);
      assert.match(said.advice, advice, said.report);
      for (const verdict of Object.values(said.verdicts)) assert.ok(said.report.includes(verdict));
      const told = said.requests.filter(({ uri }) => uri.startsWith('/receipts') && uri.includes('verdicts='));
      assert.ok(told.some(({ uri }) => uri.includes('poll')), 'the gateway is told');
    });
  }
});

for (const [profile, line] of [
  ['captive-portal', /login page.*Nothing can be said/],
  ['blip-502', /answers with errors.*Nothing can be said/],
]) {
  test(`no false alarm: ${profile}`, async () => {
    const said = await visit(profile);
    assert.match(said.summary, line);
    assert.deepEqual(Object.values(said.verdicts).filter(Boolean), []);
  });
}

test('no false alarm: offline', async () => {
  const said = await visit('clear', (page) => page.context().setOffline(true));
  assert.match(said.summary, /Nothing is answered.*Nothing can be said/);
  assert.deepEqual(Object.values(said.verdicts).filter(Boolean), []);
});

test('no false alarm: a first reply that takes four seconds', async () => {
  const said = await visit('tunnel'); // dark for that long
  assert.match(said.summary, /Everything gets through/, said.report);
});

test("no false alarm: the browser's own tabs", async () => {
  const said = await visit('clear', async (page, lab) => {
    const six = (url) => {
      window.six = Array.from({ length: 6 }, () => new EventSource(url));
      return Promise.all(window.six.map((each) => new Promise((done) => each.addEventListener('needle-hello', done))));
    };
    await page.evaluate(six, lab.events('six'));
  });
  assert.match(said.summary, /no connection left/, said.report);
  assert.deepEqual(Object.values(said.verdicts).filter(Boolean), []);
});
