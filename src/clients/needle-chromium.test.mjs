// NeedleSource in pages of Chromium: in several tabs, in a worker, on a network that changes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { assertAll, listen, Story } from './lib/story.mjs';

/** What an attempt and its proof take, and not the ten minutes to the next look upwards. */
const AT_ONCE = 5_000;

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

/** A page of the origin of url with a NeedleSource that tells story; in `context`, or in a profile of its own. */
async function client(url, options, story, context) {
  const own = context ?? (await browser.newContext());
  const page = await own.newPage();
  await page.goto(new URL('/info', url).href); // any answer of that origin will do
  await page.exposeFunction('tell', (item) => story.tell(item));
  story.began = performance.now();
  await page.evaluate(
    async ([target, more, told]) => {
      const { NeedleSource } = await import('/needle.js');
      window.source = new NeedleSource(target, more);
      const listener = new Function(`return ${told}`)();
      window.stop = listener(window.source, (item) => window.tell(item));
    },
    [url, options, listen.toString()],
  );
  return () => (context ? page.close() : own.close());
}

test('eight tabs share one stream, and the next one goes on when the first is closed', async () => {
  const lab = await gateway.lab('clear');
  const context = await browser.newContext();
  const stories = [];
  const closes = [];
  for (let i = 0; i < 8; i++) {
    stories.push(new Story());
    closes.push(await client(lab.events('tabs'), {}, stories[i], context));
  }
  await Promise.all(stories.map((story) => story.until(() => story.items.at(-1)?.transport === 'sse', 'the shared stream')));
  await gateway.flow('tabs', 0, 400, 100);
  await stories[7].until(() => stories[7].events.length > 50, 'some events');
  await closes[0](); // it led
  for (const story of stories.slice(1)) {
    await story.until(() => story.numbers.at(-1) === 399, 'the last event');
    assertAll(story, 400, 0);
    assert.equal(story.count('error'), 0);
  }
  const streams = (await lab.seen()).filter(({ uri }) => uri.includes('transport=sse'));
  assert.equal(streams.length, 2, 'one stream, and one after the first tab was closed');
  await context.close();
  await lab.close();
});

test('in a worker', async () => {
  const lab = await gateway.lab('clear');
  await gateway.publish('worker', 'to a worker');
  const page = await browser.newPage();
  await page.goto(`${lab.url}/info`);
  const got = await page.evaluate((url) => {
    const code = `import('${new URL('/needle.js', url)}').then(({ NeedleSource }) => {
      new NeedleSource('${url}').onmessage = ({ data }) => postMessage(data);
    });`;
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    return new Promise((done) => {
      worker.onmessage = ({ data }) => done(data);
    });
  }, lab.events('worker', { position: 'earliest' }));
  assert.equal(got, 'to a worker');
  await page.close();
  await lab.close();
});

test('a change of network is noticed at once: back on the best transport without waiting for the next look', async () => {
  const lab = await gateway.lab('deny-event-stream');
  const story = new Story();
  const context = await browser.newContext();
  const close = await client(lab.events('moved'), {}, story, context);
  await story.untilOn('websocket', 'stream');
  await lab.change('clear', 'stay');
  await context.setOffline(true);
  await context.setOffline(false);
  const moved = performance.now();
  await story.untilOn('sse');
  const took = performance.now() - moved;
  assert.ok(took < AT_ONCE, `back after ${took} ms`);
  await close();
  await context.close();
  await lab.close();
});
