// What undici's fetch is made to do in more than one test.

import { fetch } from 'undici';
import { ofJson } from './record.mjs';

/** Does work that ends when it is aborted; what ends it otherwise is on the record. Returns what aborts it. */
export function until(work, record) {
  const abort = new AbortController();
  work(abort.signal).catch((failure) => {
    if (!abort.signal.aborted) record.add({ name: `failed: ${failure}`, id: '', data: '' });
  });
  return () => abort.abort();
}

/** Follows a stream of lines. */
export function follow(url, record, options = {}) {
  return until(async (signal) => {
    const answer = await fetch(url, { ...options, signal, headers: { Accept: 'application/x-ndjson' } });
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of answer.body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop();
      for (const line of lines) record.add(ofJson(JSON.parse(line)));
    }
  }, record);
}
