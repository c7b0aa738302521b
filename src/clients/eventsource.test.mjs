import { EventSource } from 'eventsource';
import { sse } from './lib/promises.mjs';

sse((url, names, record) => {
  const source = new EventSource(url);
  for (const name of ['message', ...names]) {
    source.addEventListener(name, (e) => record.add({ name: e.type, id: e.lastEventId, data: e.data }));
  }
  return () => source.close();
});
