import { EventSource, WebSocket, fetch } from 'undici';
import { objects, sse } from './lib/promises.mjs';
import { ofJson } from './lib/record.mjs';

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

function ended(abort, work, record) {
  work().catch((failure) => {
    if (!abort.signal.aborted) record.add({ name: `failed: ${failure}`, id: '', data: '' });
  });
  return () => abort.abort();
}

objects((url, names, record) => {
  const abort = new AbortController();
  return ended(abort, async () => {
    const answer = await fetch(url, { signal: abort.signal, headers: { Accept: 'application/x-ndjson' } });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of answer.body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop();
      for (const line of lines) record.add(ofJson(JSON.parse(line)));
    }
  }, record);
}, 'its fetch, as a stream');

objects((url, names, record) => {
  const abort = new AbortController();
  return ended(abort, async () => {
    let position = '';
    for (let wait = 0; ; wait = 20) {
      const from = position ? `&position=${position}` : '';
      const answer = await fetch(`${url}&wait=${wait}${from}`, {
        signal: abort.signal,
        headers: { Accept: 'application/json' },
      });
      for (const object of await answer.json()) record.add(ofJson(object));
      position = answer.headers.get('Needle-Position');
    }
  }, record);
}, 'its fetch, poll by poll');
