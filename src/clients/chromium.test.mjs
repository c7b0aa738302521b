// Chromium's own EventSource and WebSocket, and the live page as a person uses it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { objects, sse } from './lib/promises.mjs';
import { ofJson } from './lib/record.mjs';

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser.close());

/** A page of the gateway that hands over what it receives. */
async function pageAt(url, take) {
  const page = await browser.newPage();
  await page.goto(new URL('/', url).href);
  await page.exposeFunction('take', take);
  return page;
}

sse(async (url, names, record) => {
  const page = await pageAt(url, (item) => record.add(item));
  await page.evaluate(
    ([target, all]) => {
      const source = new EventSource(target);
      for (const name of all) {
        source.addEventListener(name, (e) => window.take({ name: e.type, id: e.lastEventId, data: e.data }));
      }
    },
    [url, ['message', ...names]],
  );
  return () => page.close();
});

objects(async (url, names, record) => {
  const page = await pageAt(url, (text) => record.add(ofJson(JSON.parse(text))));
  await page.evaluate((target) => {
    const socket = new WebSocket(target, 'needle.v1');
    socket.onmessage = (message) => window.take(message.data);
  }, url.replace('http:', 'ws:'));
  return () => page.close();
}, "the browser's WebSocket");

const figure = async (page, id) => (await page.textContent(`#${id}`)).trim();

async function shows(page, id, expected) {
  await page.waitForFunction(([where, what]) => document.getElementById(where).textContent.trim() === what, [
    id,
    String(expected),
  ]);
}

test('the live page shows events, and switching by hand loses and repeats none', async () => {
  const gateway = await Gateway.open();
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  try {
    await page.goto(gateway.url);
    await page.fill('#topics', 'live/*');
    await page.click('#subscribe');
    await shows(page, 'state', 'live');
    let published = 0;
    for (const transport of ['sse', 'websocket', 'stream', 'poll', 'sse', 'poll', 'websocket']) {
      await page.check(`input[name=transport][value=${transport}]`, { force: true });
      for (let i = 0; i < 10; i++) await gateway.publish(`live/${transport}`, `number ${published++}`);
      await shows(page, 'transport', transport);
      await shows(page, 'events', published);
    }
    assert.equal(await figure(page, 'repeated'), '0');
    assert.equal(await figure(page, 'gaps'), '0');
    const rows = await page.$$eval('#log li.event .data', (cells) => cells.map((cell) => cell.textContent));
    assert.deepEqual(
      rows,
      Array.from({ length: published }, (_, i) => `number ${published - 1 - i}`),
    );
    await gateway.publish('live/xss', '<img src=x onerror=alert(1)>');
    await shows(page, 'events', published + 1);
    assert.equal(await page.$('#log img'), null);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
    await gateway.close();
  }
});

test('the live page comes back by itself after a cut and a restart', async () => {
  const gateway = await Gateway.open();
  const page = await browser.newPage();
  try {
    await page.goto(gateway.url);
    await page.fill('#topics', 'live');
    await page.click('#subscribe');
    await shows(page, 'state', 'live');
    await gateway.publishNumbers('live', 0, 5);
    await shows(page, 'events', 5);
    await gateway.cut();
    await gateway.publishNumbers('live', 5, 10);
    await shows(page, 'events', 10);
    await gateway.restart();
    await gateway.publishNumbers('live', 10, 15);
    await shows(page, 'events', 15);
    assert.equal(await figure(page, 'repeated'), '0');
    assert.equal(await figure(page, 'gaps'), '0');
  } finally {
    await page.close();
    await gateway.close();
  }
});
