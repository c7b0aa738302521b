import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { Gateway } from './lib/gateway.mjs';
import { cutAndRestarted, objects } from './lib/promises.mjs';
import { Record, ofJson } from './lib/record.mjs';

const ws = (url) => url.replace('http:', 'ws:');

function listen(socket, record) {
  socket.on('error', () => {}); // a cut; what has come counts
  socket.on('message', (data, binary) => {
    record.add(binary ? { name: 'binary', id: '', data: '' } : ofJson(JSON.parse(data.toString())));
  });
}

objects((url, names, record) => {
  const socket = new WebSocket(ws(url), ['needle.v1']);
  listen(socket, record);
  return () => socket.close();
}, 'WebSocket');

// ws does not reconnect; this is all that it takes to do so
cutAndRestarted((url, names, record) => {
  let left = false;
  let socket;
  const connect = () => {
    const last = record.items.findLast((item) => item.id);
    socket = new WebSocket(ws(url), { headers: last ? { 'Last-Event-ID': last.id } : {} });
    listen(socket, record);
    socket.on('close', () => left || setTimeout(connect, 50));
  };
  connect();
  return () => {
    left = true;
    socket.close();
  };
});

const carriers = {
  header: (url, position) => new WebSocket(ws(url), { headers: { 'Last-Event-ID': position } }),
  query: (url, position) => new WebSocket(ws(`${url}&position=${position}`)),
  'first frame': (url, position) => {
    const socket = new WebSocket(ws(`${url}&open=frame`));
    socket.on('open', () => socket.send(JSON.stringify({ control: 'open', position })));
    return socket;
  },
};

for (const [name, open] of Object.entries(carriers)) {
  test(`a position in the ${name} is where it goes on`, async () => {
    const gateway = await Gateway.open();
    const record = new Record();
    const position = await gateway.publish('t', 'before');
    await gateway.publishNumbers('t', 0, 10);
    const socket = open(gateway.events('t'), position);
    listen(socket, record);
    try {
      await record.untilEvents(10);
      await gateway.publish('t', '10');
      await record.untilEvents(11);
      assert.deepEqual(record.data, Array.from({ length: 11 }, (_, i) => String(i)));
      assert.equal(record.items[0].object.recovered, true);
    } finally {
      socket.close();
      await gateway.close();
    }
  });
}

test('a drain says bye and closes with 1012 or 1001', async () => {
  const gateway = await Gateway.open();
  const record = new Record();
  const socket = new WebSocket(ws(gateway.events('t')));
  listen(socket, record);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await record.untilHello();
  await gateway.close();
  assert.ok([1012, 1001].includes(await closed));
  assert.ok(record.items.at(-1).object.retryAfter > 0);
});
