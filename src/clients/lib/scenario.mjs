// What NeedleSource lives through, the same in Node and in a page of Chromium. A client is a function (url, options, story) that
// opens one and returns how to close it; all that it tells is on the story, with the time in ms since it was opened.

import assert from 'node:assert/strict';
import { Record } from './record.mjs';

/** By profile: the transports that may be best, a verdict by rung that has to be found, and what else is promised. */
export const EXPECTED = {
  clear: { best: ['sse'], verdicts: { sse: ['clear'] } },
  'buffer-response': { best: ['websocket'], verdicts: { sse: ['held-to-end'] } },
  'buffer-4k': { best: ['websocket'], verdicts: { sse: ['held-to-end', 'buffered'] } },
  'late-by-one': { best: ['sse'], verdicts: { sse: ['held-to-next', 'clear'] } },
  'cork-200ms': { best: ['sse'], verdicts: { sse: ['clear', 'delayed'] } },
  'scan-tls': { best: ['websocket'], verdicts: { sse: ['held-to-end'] } },
  'scan-tls-no-ws': { best: ['cycle'], verdicts: { sse: ['held-to-end'], stream: ['held-to-end'], websocket: ['stripped', 'blocked'] } },
  'strip-upgrade': { best: ['sse'], verdicts: { sse: ['clear'] } },
  'reset-upgrade': { best: ['sse'], verdicts: { sse: ['clear'] } },
  'drop-upgrade': { best: ['sse'], verdicts: { sse: ['clear'] } },
  'kill-after-101': { best: ['sse'], verdicts: { sse: ['clear'] } },
  swallow: { best: ['poll'], verdicts: { sse: ['swallowed'], websocket: ['swallowed'], stream: ['swallowed'] } },
  'deny-event-stream': { best: ['websocket', 'stream'], verdicts: { sse: ['blocked'] } },
  'get-only': { best: ['sse'], verdicts: { sse: ['clear'] } },
  'strip-headers': { best: ['sse'], verdicts: { sse: ['stripped'] } },
  'max-life-5s': { best: ['sse', 'websocket', 'stream', 'cycle'], verdicts: { sse: ['clear', 'cut-at'] } },
  'max-life-5s-rst': { best: ['sse', 'websocket', 'stream', 'cycle'], verdicts: { sse: ['clear', 'cut-at'] } },
  rewrite: { best: ['websocket'], verdicts: { poll: ['rewritten'] }, firstByPoll: false },
  http10: { best: ['sse'], verdicts: { sse: ['http10'] } },
};

export class Story extends Record {
  began = performance.now();

  /** Adds what a source has told, and how it was then. */
  tell(item) {
    this.add({ name: '', id: '', data: '', ...item, at: performance.now() - this.began });
  }

  get events() {
    return this.items.filter((item) => item.kind === 'event');
  }

  /** The numbers n of all events {"n":…}, as they came. */
  get numbers() {
    return this.events.map((item) => JSON.parse(item.data).n);
  }

  /** What served, in order: {transport, at}. */
  get served() {
    return this.items.filter((item) => item.kind === 'transport');
  }

  get transport() {
    return this.served.at(-1)?.transport;
  }

  /** Every verdict that was ever given to a rung. */
  verdicts(rung) {
    return [...new Set(this.items.map((item) => item.verdicts?.[rung]).filter(Boolean))];
  }

  count(kind) {
    return this.items.filter((item) => item.kind === kind).length;
  }

  untilOpen(count = 1) {
    return this.until(() => this.count('open') >= count, `open number ${count}`);
  }

  untilOn(...transports) {
    return this.until(() => transports.includes(this.transport), `${transports}; served: ${JSON.stringify(this.served)}`);
  }
}

/** Hands over all that a source tells. Runs in pages too, so it stands alone. */
export function listen(source, take, names = []) {
  const tell = (kind) => (event) => {
    const { type, data, lastEventId: id, reason, verdict, status, title, topic, encoding } = event;
    const { transport, readyState } = source;
    const verdicts = kind === 'event' ? undefined : { ...source.verdicts };
    take({ kind, name: type, data, id, reason, verdict, status, title, topic, encoding, transport, readyState, verdicts });
  };
  for (const kind of ['open', 'error', 'transport', 'gap']) source.addEventListener(kind, tell(kind));
  for (const name of ['message', ...names]) source.addEventListener(name, tell('event'));
  const look = setInterval(() => source.readyState === 2 || tell('look')({ type: '' }), 250);
  return () => {
    clearInterval(look);
    source.close();
  };
}

/** The numbers from first to last, each once and in order. */
export function assertAll(story, last, first = story.numbers[0]) {
  assert.deepEqual(
    story.numbers,
    Array.from({ length: last - first }, (_, i) => first + i),
  );
}

/** How long the two requests take that everything begins with, in ms: little on a machine that has nothing else to do. */
async function pace(lab, topic) {
  const began = performance.now();
  await (await fetch(`${lab.url}/info`)).text();
  await (await fetch(`${lab.events(topic)}&transport=poll&wait=0`)).text();
  return performance.now() - began;
}

/** Ten seconds behind a profile, with twenty events a second. */
export async function behind(profile, gateway, client) {
  const expected = EXPECTED[profile];
  const topic = `behind/${profile}`;
  const lab = await gateway.lab(profile);
  const slow = 3 * (await pace(lab, topic));
  const story = new Story();
  const close = await client(lab.events(topic), {}, story);
  try {
    await gateway.flow(topic, 0, 200, 20);
    await story.until(() => story.events.length > 0, 'the first event');
    await story.until(() => story.served.length > 0, 'a proved transport');
    await story.untilOn(...expected.best);
    const found = () => Object.entries(expected.verdicts).every(([rung, any]) => any.some((one) => story.verdicts(rung).includes(one)));
    await story.until(found, `${JSON.stringify(expected.verdicts)}, found ${JSON.stringify(story.items.at(-1).verdicts)}`);
    await story.until(() => story.numbers.at(-1) === 199, 'the last event');
    assertAll(story, 200);
    assert.equal(story.count('gap'), 0);
    return { story, slow, requests: await lab.seen() };
  } finally {
    await close();
    await lab.close();
  }
}
