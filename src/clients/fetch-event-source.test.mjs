// Made for browsers: it wants to know whether the page is visible. Here it always is.
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };

const { fetchEventSource } = await import('@microsoft/fetch-event-source');
const { sse } = await import('./lib/promises.mjs');

sse((url, names, record) => {
  const abort = new AbortController();
  fetchEventSource(url, {
    signal: abort.signal,
    openWhenHidden: true,
    onmessage: ({ event, id, data }) => record.add({ name: event, id, data }),
    // a clean end is the end for this client, unless this throws
    onclose: () => {
      throw new Error('come back');
    },
    onerror: () => {},
  }).catch((failure) => record.add({ name: `failed: ${failure}`, id: '', data: '' }));
  return () => abort.abort();
}, withoutItsStart);

// it forgets empty lines before the first that is not, and takes a byte order mark for one; in the envelope nothing is lost
function withoutItsStart(text) {
  return text.replace(/^\n+/, '').replace(/^\ufeff/, '');
}
