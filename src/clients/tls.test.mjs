// Clients over TLS. Nobody vouches for the certificate, and that is not what is tried here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from 'undici';
import WebSocket from 'ws';
import { Gateway } from './lib/gateway.mjs';
import { objects } from './lib/promises.mjs';
import { Record, ofJson } from './lib/record.mjs';
import { follow } from './lib/undici.mjs';

const overTls = (gateway, topic) => gateway.eventsOverTls(topic, { sum: '1' });

objects((url, names, record) => {
  const socket = new WebSocket(url.replace('https:', 'wss:'), ['needle.v1'], { rejectUnauthorized: false });
  socket.on('message', (data) => record.add(ofJson(JSON.parse(data.toString()))));
  return () => socket.close();
}, "ws's WebSocket with TLS", overTls);

const http2 = () => new Agent({ allowH2: true, connections: 1, pipelining: 100, connect: { rejectUnauthorized: false } });

objects((url, names, record) => follow(url, record, { dispatcher: http2() }), "undici's fetch over HTTP/2", overTls);

test('one HTTP/2 connection carries many streams of undici at once', async () => {
  const gateway = await Gateway.open();
  const agent = http2();
  const records = Array.from({ length: 20 }, () => new Record());
  const leave = [];
  try {
    for (const record of records) {
      leave.push(follow(gateway.eventsOverTls('many'), record, { dispatcher: agent }));
      await record.untilHello();
    }
    await gateway.publishNumbers('many', 0, 10);
    for (const record of records) {
      await record.untilEvents(10);
      assert.deepEqual(
        record.data,
        Array.from({ length: 10 }, (_, i) => String(i)),
      );
    }
    assert.equal(await gateway.connections(), 1);
  } finally {
    leave.forEach((one) => one());
    await gateway.close();
  }
});
