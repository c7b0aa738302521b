// NeedleSource behind real programs, set up the way that hurts: in Node and in Chromium, every event once and in order.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Agent, ProxyAgent, WebSocket, fetch } from 'undici';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { pageIn } from './lib/labpage.mjs';
import { NeedleSource } from './lib/needle.mjs';
import { Record } from './lib/record.mjs';

const KINDS = ['nginx-default', 'nginx-buffering', 'haproxy-wait', 'haproxy-drop', 'haproxy-short', 'squid', 'mitmproxy'];
const RATE = 10;
const COUNT = RATE * 20;

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

function inNode(box, topic, record) {
  const tls = { rejectUnauthorized: false };
  const dispatcher = box.proxy ? new ProxyAgent({ uri: box.proxy, requestTls: tls }) : new Agent({ connect: tls });
  const source = new NeedleSource(`${box.url}/events`, {
    topics: [topic],
    fetch: (url, init) => fetch(url, { ...init, dispatcher }),
    WebSocket: class extends WebSocket {
      constructor(url, protocols) {
        super(url, { protocols, dispatcher });
      }
    },
  });
  source.onmessage = ({ data }) => record.add({ name: '', id: '', data });
  return () => source.close();
}

async function inChromium(box, topic, record) {
  const { port, username, password } = new URL(box.proxy || 'http://none');
  const proxy = box.proxy && { proxy: { server: `http://127.0.0.1:${port}`, username, password, bypass: '<-loopback>' } };
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...proxy });
  const page = await pageIn(context, box.url, (data) => record.add({ name: '', id: '', data }));
  await page.evaluate(
    ([url, name]) => {
      const source = new window.NeedleSource(url, { topics: [name] });
      source.onmessage = ({ data }) => window.report(data);
    },
    [`${box.url}/events`, topic],
  );
  return () => context.close();
}

async function behind(kind, label, client) {
  const topic = `${kind}/${label}`;
  const box = await gateway.middlebox(kind);
  const record = new Record();
  const leave = await client(box, topic, record);
  try {
    await gateway.flow(topic, 0, COUNT, RATE);
    const numbers = () => record.data.map((data) => JSON.parse(data).n);
    await record.until(() => numbers().at(-1) === COUNT - 1, 'the last event', 90_000);
    const [first] = numbers();
    assert.ok(first < 2 * RATE, `the first came at ${first}`);
    assert.deepEqual(
      numbers(),
      Array.from({ length: COUNT - first }, (_, i) => first + i),
    );
  } finally {
    await leave();
    await box.close();
  }
}

describe('NeedleSource behind real programs', { concurrency: 7 }, () => {
  for (const kind of KINDS) {
    test(`in Node behind ${kind}`, () => behind(kind, 'node', inNode));
    test(`in Chromium behind ${kind}`, () => behind(kind, 'chromium', inChromium));
  }
});
