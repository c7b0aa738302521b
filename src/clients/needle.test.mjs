// NeedleSource in Node: that it is what EventSource is, and what it can do besides.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Gateway } from './lib/gateway.mjs';
import { blocks, ladder, NeedleSource, options, RUNGS } from './lib/needle.mjs';
import { listen, Story } from './lib/story.mjs';
import { make } from './make-needle.mjs';

const ROOT = new URL('../../', import.meta.url);

/** A source that is listened to as long as work goes on. */
async function open(url, more, work, names = []) {
  const story = new Story();
  const source = new NeedleSource(url, options(more));
  const close = listen(source, (item) => story.tell(item), names);
  try {
    await work(source, story);
  } finally {
    close();
  }
}

/** The same with a gateway of its own. */
async function withGateway(work, wanted) {
  const gateway = await Gateway.open(wanted);
  try {
    await work(gateway);
  } finally {
    await gateway.close();
  }
}

test('what is served is made of src/main/js, and no file has 5 kB', async () => {
  for (const [name, text] of Object.entries(await make(ROOT))) {
    const served = readFileSync(new URL(`target/classes/pages/${name}`, ROOT), 'utf8');
    assert.equal(served, text, `${name} is not up to date: npm run needle`);
    assert.ok(gzipSync(served, { level: 9 }).length < 5000, `${name} has ${gzipSync(served, { level: 9 }).length} bytes`);
  }
});

test('everything arrives exactly, once and in order, under its name', () =>
  withGateway(async (gateway) => {
    const names = ['named', 'größe 😀', 'bytes'];
    await open(gateway.events('plain'), {}, async (_, story) => {
      await story.untilOpen();
      const all = await gateway.publishAll('plain');
      await story.until(() => story.events.length >= all.length, `${all.length} events`);
      assert.deepEqual(
        story.events.map(({ name, id, data, topic, encoding }) => ({ name, id, data, topic, encoding })),
        all.map(({ event, id, object }) => ({ name: event || 'message', id, data: object.data, topic: 'plain', encoding: object.encoding })),
      );
    }, names);
  }));

test('it looks like an EventSource', () =>
  withGateway(async (gateway) => {
    const seen = [];
    const source = new NeedleSource(gateway.events('like'), options({ withCredentials: true }));
    assert.deepEqual([NeedleSource.CONNECTING, NeedleSource.OPEN, NeedleSource.CLOSED], [0, 1, 2]);
    assert.deepEqual([source.CONNECTING, source.OPEN, source.CLOSED, source.readyState], [0, 1, 2, 0]);
    assert.equal(source.url, gateway.events('like'));
    assert.equal(source.withCredentials, true);
    assert.equal(source.lastEventId, '');
    await new Promise((done) => (source.onopen = done));
    assert.equal(source.readyState, 1);
    const message = new Promise((done) => {
      source.onmessage = (event) => done(event);
    });
    source.addEventListener('named', (event) => seen.push(event.data));
    const removed = () => seen.push('never');
    source.addEventListener('named', removed);
    source.removeEventListener('named', removed);
    await gateway.publish('like', 'n', 'named');
    const id = await gateway.publish('like', 'hello');
    const { data, lastEventId, origin } = await message;
    assert.deepEqual({ data, lastEventId, origin }, { data: 'hello', lastEventId: id, origin: new URL(gateway.url).origin });
    assert.deepEqual(seen, ['n']);
    assert.equal(source.lastEventId, id);
    assert.equal(source.position, id);
    source.onerror = () => seen.push('error');
    source.close();
    assert.equal(source.readyState, 2);
    await gateway.publish('like', 'too late', 'named');
    assert.deepEqual(seen, ['n']);
  }));

test('topics by options, on one transport only, from a position', () =>
  withGateway(async (gateway) => {
    const first = await gateway.publish('a/1', 'one');
    await gateway.publish('b', 'two');
    for (const transport of ['sse', 'websocket', 'stream', 'cycle', 'poll', 'short-poll']) {
      const more = { topics: ['a/*', 'b'], transports: [transport] };
      await open(`${gateway.url}/events?position=${first}`, more, async (source, story) => {
        await story.until(() => story.events.length > 0, `an event by ${transport}`);
        assert.deepEqual(story.events.map((event) => event.data), ['two']);
        await story.untilOn(transport);
        assert.equal(source.transport, transport);
      });
    }
  }));

test('a position that is gone is told by a gap', () =>
  withGateway(async (gateway) => {
    await open(`${gateway.events('gone')}&position=another-epoch-7`, {}, async (_, story) => {
      await story.until(() => story.count('gap') > 0, 'a gap');
      const id = await gateway.publish('gone', 'after');
      await story.until(() => story.events.length > 0, 'what comes after it');
      assert.equal(story.events[0].id, id);
      assert.equal(story.count('gap'), 1);
    });
  }));

test('a cut and a restart cost nothing and repeat nothing', () =>
  withGateway(async (gateway) => {
    await open(gateway.events('cut'), {}, async (_, story) => {
      await story.untilOn('sse');
      await gateway.publishNumbers('cut', 0, 20);
      await story.until(() => story.events.length >= 20, '20 events');
      await gateway.cut();
      await gateway.publishNumbers('cut', 20, 40);
      await story.until(() => story.events.length >= 40, '40 events');
      await gateway.restart();
      await gateway.publishNumbers('cut', 40, 60);
      await story.until(() => story.events.length >= 60, '60 events');
      assert.deepEqual(story.events.map((event) => event.data), Array.from({ length: 60 }, (_, i) => String(i)));
    });
  }));

test('it sends by POST, by WebSocket where only GET is allowed, and says so where nothing passes', () =>
  withGateway(async (gateway) => {
    const lab = await gateway.lab('clear');
    await open(lab.events('said/here'), {}, async (source, story) => {
      await story.untilOpen();
      const sent = { clear: await source.send('said/here', 'by POST') };
      await lab.change('get-only');
      sent.socket = await source.send('said/here', 'by WebSocket');
      assert.notEqual(sent.clear, sent.socket);
      await story.until(() => story.events.length >= 2, 'what was sent');
      assert.deepEqual(story.events.map((event) => event.data), ['by POST', 'by WebSocket']);
      await assert.rejects(source.send('nobody/listens', 'x'), /no route|nobody|consume|topic/i);
      await lab.change('captive-portal');
      await assert.rejects(source.send('said/here', 'x'), (e) => e.verdict === 'blocked');
    });
    await lab.close();
  }));

/** Twenty events to a client that shows a token; how often it was asked for one, until enough. */
async function guarded(profile, enough, seconds) {
  let asked = 0;
  await withGateway(async (gateway) => {
    const lab = await gateway.lab(profile);
    const token = async () => gateway.token('guarded', seconds(++asked));
    await open(lab.events('guarded'), { token }, async (source, story) => {
      await story.untilOn('sse');
      await gateway.publishNumbers('guarded', 0, 10);
      await story.until(() => asked >= enough && story.events.length >= 10, `token number ${enough}`);
      await gateway.publishNumbers('guarded', 10, 20);
      await story.until(() => story.events.length >= 20, '20 events');
      assert.deepEqual(story.events.map((event) => event.data), Array.from({ length: 20 }, (_, i) => String(i)));
      assert.equal(source.readyState, 1);
    });
    await lab.close();
  }, { guarded: 1 });
  return asked;
}

test('a token is asked for at first, and again half a minute before it ends', async () => {
  assert.equal(await guarded('clear', 2, (number) => (number === 1 ? 36 : 3600)), 2);
});

test('a token becomes a ticket where headers are stripped', async () => {
  assert.equal(await guarded('strip-headers', 2, () => 3600), 2);
});

test('without a good token it is closed, and says why', () =>
  withGateway(async (gateway) => {
    await open(gateway.events('guarded'), { token: 'nonsense' }, async (source, story) => {
      await story.until(() => source.readyState === 2, 'the end');
      const error = story.items.findLast((item) => item.kind === 'error');
      assert.equal(error.status, 401);
      assert.match(error.title, /token/);
    });
  }, { guarded: 1 }));

test('the same gateway by another URL serves where the first one is not answered', () =>
  withGateway(async (gateway) => {
    const lab = await gateway.lab('clear');
    await lab.close();
    await open(lab.events('elsewhere'), { urls: [gateway.url] }, async (_, story) => {
      await story.untilOpen();
      await gateway.publish('elsewhere', 'here');
      await story.until(() => story.events.length > 0, 'an event');
    });
  }));

test('what was found out is remembered: the next source begins where the last one ended', () =>
  withGateway(async (gateway) => {
    const lab = await gateway.lab('deny-event-stream');
    const kept = new Map();
    const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
    await open(lab.events('kept'), { storage }, (_, story) => story.untilOn('websocket'));
    const before = (await lab.seen()).length;
    await open(lab.events('kept'), { storage }, async (_, story) => {
      await story.untilOn('websocket');
      assert.deepEqual(story.served.map(({ transport }) => transport), ['websocket']);
    });
    const asked = (await lab.seen()).slice(before).map(({ uri }) => uri.split('?')[0]);
    assert.deepEqual(asked, ['/info', '/events']);
    await lab.close();
  }));

test('a failure that is forgiven says nothing of the path, three in a row do', () => {
  const walk = ladder(RUNGS);
  let at = 0;
  const take = (...fact) => walk(fact, (at += 10), 0.5);
  const lost = () => {
    take('over', 'sse', 'blocked', 0, 5);
    return take('checked', 'ours', 1).found.sse;
  };
  take('start');
  take('checked', 'ours', 1);
  take('proved', 'sse');
  assert.deepEqual([lost(), lost(), lost()], [undefined, undefined, 'blocked']);
});

test('blocks of SSE are read as the standard says, wherever they are cut', () => {
  const text = ': c\r\ndata\r\ndata:x\rdata:  y\n\nevent: e\ndatax: n\ndata: z\r\n\r\nid: 1\n\ndata:\n\ndata: never ended\n';
  const expected = ['\nx\n y', 'z', ''];
  for (let cut = 0; cut <= text.length; cut++) {
    const got = [];
    const feed = blocks((data) => got.push(data));
    feed(text.slice(0, cut));
    feed(text.slice(cut));
    assert.deepEqual(got, expected, `cut at ${cut}`);
  }
  const got = [];
  const feed = blocks((data) => got.push(data));
  for (const letter of text) feed(letter);
  assert.deepEqual(got, expected);
});
