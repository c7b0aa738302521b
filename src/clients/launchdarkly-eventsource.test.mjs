import { EventSource } from 'launchdarkly-eventsource';
import { sse } from './lib/promises.mjs';

sse((url, names, record) => {
  const source = new EventSource(url, { initialRetryDelayMillis: 50, jitterRatio: 0.5 });
  source.onerror = () => {}; // it comes back by itself; without a listener an error would be thrown
  for (const name of ['message', ...names]) {
    source.addEventListener(name, (e) => record.add({ name: e.type, id: e.lastEventId, data: e.data }));
  }
  return () => source.close();
});
