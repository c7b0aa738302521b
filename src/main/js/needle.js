// NeedleSource, an EventSource that gets through. What it can do says needle.d.ts, how it does it src/docs/browser-client.md.

import { session } from './session.js';


export class NeedleSource extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 2;
  CONNECTING = 0;
  OPEN = 1;
  CLOSED = 2;
  #state = { readyState: 0, transport: null, verdicts: {} }; // the session's own while this tab leads
  #closed;
  #options;
  #stop;

  constructor(url, options = {}) {
    super();
    const main = new URL(url, globalThis.location?.href);
    for (const topic of options.topics ?? []) main.searchParams.append('topic', topic);
    this.url = main.href;
    this.withCredentials = !!options.withCredentials;
    this.#options = options;
    const own = options.token || options.fetch || options.WebSocket || options.body || main.searchParams.has('position');
    if (own || !globalThis.navigator?.locks) this.#lead();
    else this.#share();
  }

  get readyState() {
    return this.#closed ? 2 : this.#state.readyState;
  }

  get transport() {
    return this.#state.transport;
  }

  get position() {
    return this.#state.position;
  }

  get verdicts() {
    return this.#state.verdicts;
  }

  get lastEventId() {
    return this.position ?? '';
  }

  close() {
    this.#stop();
    this.#closed = true;
  }

  /** Sends by whatever lets it through; the message's id. */
  async send(...message) {
    return (await import(new URL('needle-more.js', import.meta.url))).send(this, this.#options, ...message);
  }

  #lead(tell = () => {}) {
    const main = new URL(this.url);
    if (this.position) main.searchParams.set('position', this.position);
    this.#stop = session(main, this.#options, (...said) => {
      tell(said);
      this.#hear(...said);
    });
  }

  // one tab holds the lock and the stream, and tells the others; when it goes the next one goes on where it was
  #share() {
    const { topics, storage, ...same } = this.#options;
    const name = 'needle ' + JSON.stringify([this.url, same]);
    const channel = new BroadcastChannel(name);
    const waits = new AbortController();
    let leads;
    this.#stop = () => {
      waits.abort();
      channel.close();
    };
    channel.onmessage = ({ data }) => {
      if (data && !leads && !(data[0] == 'open' && this.readyState)) this.#hear(...data);
      if (!data && leads && this.readyState) channel.postMessage(['open', 0, this.#state]);
    };
    channel.postMessage(0); // asks for the state
    const lead = () =>
      new Promise((done) => {
        leads = 1;
        this.#lead((said) => channel.postMessage(said));
        const stop = this.#stop;
        this.#stop = () => {
          stop();
          channel.close();
          done();
        };
      });
    navigator.locks.request(name, { signal: waits.signal }, lead).catch(() => {});
  }

  #hear(type, detail, state) {
    if (this.#closed) return;
    this.#state = state;
    const { data, id: lastEventId, event = type, topic, encoding } = detail || {};
    const { origin } = new URL(this.url);
    const shown = Object.assign(
      type == 'message' ? new MessageEvent(event, { data, lastEventId, origin }) : new Event(type),
      type == 'message' ? { topic, encoding } : detail,
    );
    this['on' + shown.type]?.(shown);
    this.dispatchEvent(shown);
  }
}
