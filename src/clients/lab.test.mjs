// The lab as tests use it, with Chromium and with Node, without any library of ours.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { Record } from './lib/record.mjs';

let browser;
let gateway;

before(async () => {
  browser = await launch('--ignore-certificate-errors');
  gateway = await Gateway.open();
});

after(async () => {
  await browser.close();
  await gateway.close();
});

test('a network changes under a gateway, and tells what was asked', async () => {
  const lab = await gateway.lab('get-only');
  // each time by a new connection: the change of network cuts the old one, which fetch might not know yet
  const status = () =>
    new Promise((resolve, reject) => {
      request(`${lab.url}/events?topic=nobody`, { method: 'POST', agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end('x');
    });
  assert.equal(await status(), 405);
  await lab.change('clear');
  assert.equal(await status(), 404);
  const info = await (await fetch(`${lab.url}/info`)).json();
  assert.equal(info.headers.host, new URL(lab.url).host);
  assert.deepEqual(
    (await lab.seen()).map(({ method, uri }) => `${method} ${uri}`),
    ['POST /events?topic=nobody', 'POST /events?topic=nobody', 'GET /info'],
  );
  await gateway.restart();
  assert.equal(await status(), 404);
  await lab.close();
});

/** What a page behind a network gets, by EventSource and by WebSocket, as long as work goes on. */
async function behind(lab, topic, work) {
  const page = await browser.newPage();
  const record = { sse: new Record(), ws: new Record() };
  try {
    await page.exposeFunction('take', (what, name, data) => record[what].add({ name, id: '', data }));
    await page.goto(lab.url);
    await page.evaluate((target) => {
      const source = new EventSource(target);
      source.onopen = () => window.take('sse', 'needle-open', '');
      source.onmessage = (e) => window.take('sse', e.type, e.data);
      const socket = new WebSocket(target.replace('http', 'ws'), 'needle.v1');
      socket.onmessage = ({ data }) => {
        const { control, data: text } = JSON.parse(data);
        window.take('ws', control ? `needle-${control}` : 'message', text ?? '');
      };
    }, lab.events(topic));
    await work(record, page);
  } finally {
    await page.close();
    await lab.close();
  }
}

test('Chromium over HTTP/2 through scan-tls gets events by WebSocket', async () => {
  const lab = await gateway.lab('scan-tls', { tls: 1 });
  await behind(lab, 'scanned', async (record, page) => {
    await record.ws.untilHello();
    await gateway.publishNumbers('scanned', 0, 3);
    await record.ws.untilEvents(3);
    assert.deepEqual(record.ws.data, ['0', '1', '2']);
    const protocol = await page.evaluate(() => performance.getEntriesByType('navigation')[0].nextHopProtocol);
    assert.equal(protocol, 'h2');
  });
});

test('numbered events flow at a rate', async () => {
  const lab = await gateway.lab('strip-upgrade');
  await behind(lab, 'flow', async (record) => {
    await record.sse.until(() => record.sse.items.length > 0, 'the page to be open');
    await gateway.flow('flow', 0, 500, 1000);
    await record.sse.untilEvents(500);
    assert.deepEqual(
      record.sse.data.map((text) => JSON.parse(text).n),
      Array.from({ length: 500 }, (_, i) => i),
    );
    assert.deepEqual(record.ws.items, []);
  });
});
