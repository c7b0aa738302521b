import { createEventSource } from 'eventsource-client';
import { sse } from './lib/promises.mjs';

sse((url, names, record) => {
  const source = createEventSource({
    url,
    onMessage: ({ event, id, data }) => record.add({ name: event ?? '', id: id ?? '', data }),
  });
  return () => source.close();
});
