import { EventSource, WebSocket, fetch } from 'undici';
import { objects, sse } from './lib/promises.mjs';
import { ofJson } from './lib/record.mjs';
import { follow, until } from './lib/undici.mjs';

sse((url, names, record) => {
  const source = new EventSource(url);
  for (const name of ['message', ...names]) {
    source.addEventListener(name, (e) => record.add({ name: e.type, id: e.lastEventId, data: e.data }));
  }
  return () => source.close();
});

objects((url, names, record) => {
  const socket = new WebSocket(url.replace('http:', 'ws:'), 'needle.v1');
  socket.onmessage = (message) => record.add(ofJson(JSON.parse(message.data)));
  return () => socket.close();
}, 'its WebSocket');

objects((url, names, record) => follow(url, record), 'its fetch, as a stream');

objects((url, names, record) => {
  return until(async (signal) => {
    let position = '';
    for (let wait = 0; ; wait = 20) {
      const from = position ? `&position=${position}` : '';
      const answer = await fetch(`${url}&wait=${wait}${from}`, {
        signal,
        headers: { Accept: 'application/json' },
      });
      for (const object of await answer.json()) record.add(ofJson(object));
      position = answer.headers.get('Needle-Position');
    }
  }, record);
}, 'its fetch, poll by poll');
