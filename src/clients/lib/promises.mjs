// What every client by others has to get. A client is a function (url, names, record) that subscribes and returns how to leave:
// it adds {name, id, data} to the record for each event, whatever its name; `names` are those that have to be asked for one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gateway } from './gateway.mjs';
import { Record } from './record.mjs';

const CONTROLS = ['hello', 'gap', 'tick', 'switch', 'bye'].map((name) => `needle-${name}`);
const NAMES = ['named', 'größe 😀', 'bytes'];

async function subscribed(client, gateway, url, work) {
  const record = new Record();
  const leave = await client(url, [...CONTROLS, ...NAMES], record);
  try {
    await record.untilHello();
    await work(record);
  } finally {
    await leave();
    await gateway.close();
  }
}

const named = (name) => (name === '' ? 'message' : name);

/** The promises of Server-Sent Events; `seen` is what the client itself makes of a text that it got. */
export function sse(client, seen = (text) => text) {
  test('everything arrives once and in order, as far as plain SSE can show it', async () => {
    const gateway = await Gateway.open();
    await subscribed(client, gateway, gateway.events('plain'), async (record) => {
      const all = await gateway.publishAll('plain');
      await record.untilEvents(all.length);
      assert.deepEqual(
        record.events.map(({ name, id, data }) => ({ name: named(name), id, data })),
        all.map(({ event, id, plain }) => ({ name: named(event), id, data: seen(plain) })),
      );
    });
  });

  test('everything is exact in the envelope', async () => {
    const gateway = await Gateway.open();
    await subscribed(client, gateway, gateway.events('exact', { envelope: 'json', sum: '1' }), async (record) => {
      const all = await gateway.publishAll('exact');
      await record.untilEvents(all.length);
      assert.deepEqual(
        record.events.map((item) => JSON.parse(item.data)),
        all.map((one) => one.object),
      );
      assert.deepEqual(
        record.events.map((item) => item.id),
        all.map((one) => one.id),
      );
    });
  });

  cutAndRestarted(client);
}

/** The promise of a client that resumes by itself. */
export function cutAndRestarted(client) {
  test('a cut and a restart cost nothing and repeat nothing', async () => {
    const gateway = await Gateway.open();
    await subscribed(client, gateway, gateway.events('cut'), async (record) => {
      await gateway.publishNumbers('cut', 0, 20);
      await record.untilEvents(20);
      await gateway.cut();
      await gateway.publishNumbers('cut', 20, 40);
      await record.untilEvents(40);
      await record.untilHello(2);
      const hellos = record.hellos();
      await gateway.restart();
      await gateway.publishNumbers('cut', 40, 60);
      await record.untilEvents(60);
      await record.untilHello(hellos + 1);
      await gateway.publish('cut', '60');
      await record.untilEvents(61);
      assert.deepEqual(record.data, Array.from({ length: 61 }, (_, i) => String(i)));
    });
  });
}

/** The promise of the transports that carry JSON objects: everything is exact. */
export function objects(client, label, url = (gateway, topic) => gateway.events(topic, { sum: '1' })) {
  test(`everything is exact over ${label}`, async () => {
    const gateway = await Gateway.open();
    await subscribed(client, gateway, url(gateway, 'objects'), async (record) => {
      const all = await gateway.publishAll('objects');
      await record.untilEvents(all.length);
      assert.deepEqual(
        record.events.map((item) => item.object),
        all.map((one) => one.object),
      );
    });
  });
}
