// Chromium over TLS: everything of one origin shares one HTTP/2 connection, WebSockets included (RFC 8441).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { Record, ofJson } from './lib/record.mjs';

/** More than the 100 that many servers allow on one connection. */
const STREAMS = 120;
const NUMBERS = Array.from({ length: 10 }, (_, i) => String(i));

let browser;

before(async () => {
  browser = await launch('--ignore-certificate-errors');
});

after(() => browser.close());

async function atPage(work) {
  const gateway = await Gateway.open();
  const page = await browser.newPage();
  try {
    await page.goto(gateway.tls);
    await work(gateway, page);
  } finally {
    await page.close();
    await gateway.close();
  }
}

test('SSE and WebSocket at once take one HTTP/2 connection', async () => {
  await atPage(async (gateway, page) => {
    const record = { sse: new Record(), ws: new Record() };
    await page.exposeFunction('take', (what, item) => record[what].add(what === 'ws' ? ofJson(JSON.parse(item)) : item));
    await page.evaluate((target) => {
      const source = new EventSource(target);
      for (const name of ['message', 'needle-hello']) {
        source.addEventListener(name, (e) => window.take('sse', { name: e.type, id: e.lastEventId, data: e.data }));
      }
      const socket = new WebSocket(target.replace('https:', 'wss:'), 'needle.v1');
      socket.onmessage = (message) => window.take('ws', message.data);
    }, gateway.eventsOverTls('both'));
    await record.sse.untilHello();
    await record.ws.untilHello();
    await gateway.publishNumbers('both', 0, NUMBERS.length);
    for (const one of [record.sse, record.ws]) {
      await one.untilEvents(NUMBERS.length);
      assert.deepEqual(one.data, NUMBERS);
    }
    const protocol = await page.evaluate(() => performance.getEntriesByType('navigation')[0].nextHopProtocol);
    assert.equal(protocol, 'h2');
    assert.equal(await gateway.connections(), 1);
  });
});

test('more than a hundred EventSources of one page take one connection', async () => {
  await atPage(async (gateway, page) => {
    await page.evaluate(
      ([target, count]) => {
        window.seen = Array.from({ length: count }, () => []);
        window.greeted = 0;
        for (const data of window.seen) {
          const source = new EventSource(target);
          source.addEventListener('needle-hello', () => window.greeted++);
          source.onmessage = (e) => data.push(e.data);
        }
      },
      [gateway.eventsOverTls('crowd'), STREAMS],
    );
    await page.waitForFunction((count) => window.greeted === count, STREAMS);
    await gateway.publishNumbers('crowd', 0, NUMBERS.length);
    await page.waitForFunction((count) => window.seen.every((data) => data.length >= count), NUMBERS.length);
    const seen = await page.evaluate(() => window.seen);
    for (const data of seen) assert.deepEqual(data, NUMBERS);
    assert.equal(await gateway.connections(), 1);
  });
});
