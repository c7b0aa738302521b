// Types of /needle.js: an EventSource that gets through hostile networks.

/** One way to get events, best first. */
export type Transport = 'sse' | 'websocket' | 'stream' | 'cycle' | 'poll' | 'short-poll';

/** What a network does to a transport; the last three say nothing of any transport. */
export type Verdict =
  | 'clear'
  | 'blocked'
  | 'killed-after-open'
  | 'swallowed'
  | 'buffered'
  | 'held-to-next'
  | 'held-to-end'
  | 'delayed'
  | 'cut-at'
  | 'stripped'
  | 'method-denied'
  | 'http10'
  | 'proxy-auth'
  | 'rewritten'
  | 'captive-portal'
  | 'unavailable'
  | 'offline';

export interface NeedleOptions {
  /** Topics and patterns, besides those in the URL. */
  topics?: string[];
  /** The transports that may be used, best first. All are, if left out. */
  transports?: Transport[];
  /** The same gateway by other origins or proxies, as bases that the path is appended to. The next one is tried when nothing passes. */
  urls?: (string | URL)[];
  /** Asked for when a session begins, before the token ends, and when it is refused. */
  token?: string | (() => string | Promise<string>);
  /** How often a better transport is looked for, in ms. Left out: after 10 min, then at growing intervals up to an hour. */
  probe?: number;
  /** Send cookies to another origin too. */
  withCredentials?: boolean;
  fetch?: typeof fetch;
  WebSocket?: unknown;
  /** Where verdicts are remembered for 30 min; localStorage if there is one. */
  storage?: Pick<Storage, 'getItem' | 'setItem'>;
  /** For /proxy/NAME: how the request is to be forwarded. */
  method?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

export interface NeedleMessage extends MessageEvent<string> {
  topic: string;
  /** Data of bytes is base64. */
  encoding?: 'base64';
}

/** Events are gone: the position was too old. Delivery goes on behind it. */
export interface NeedleGap extends Event {
  topics: string[];
  from: string;
  to: string;
  reason: 'trimmed' | 'expired' | 'epoch';
}

/** Nothing passes, and why; or the gateway does not let this client in, and what it says. */
export interface NeedleError extends Event {
  verdict?: Verdict;
  status?: number;
  title?: string;
}

interface NeedleEvents {
  open: Event;
  message: NeedleMessage;
  error: NeedleError;
  /** Another transport serves. */
  transport: Event;
  gap: NeedleGap;
}

export declare class NeedleSource extends EventTarget {
  static readonly CONNECTING: 0;
  static readonly OPEN: 1;
  static readonly CLOSED: 2;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;

  constructor(url: string | URL, options?: NeedleOptions);

  readonly url: string;
  readonly withCredentials: boolean;
  readonly readyState: 0 | 1 | 2;
  readonly lastEventId: string;
  /** The transport that serves, or served last. */
  readonly transport: Transport | null;
  /** Where to go on, on any transport: the position behind the last event. */
  readonly position: string | null | undefined;
  /** What was found out about the transports that were tried. */
  readonly verdicts: Partial<Record<Transport, Verdict>>;

  onopen: ((event: Event) => void) | null;
  onmessage: ((event: NeedleMessage) => void) | null;
  onerror: ((event: NeedleError) => void) | null;
  ontransport: ((event: Event) => void) | null;
  ongap: ((event: NeedleGap) => void) | null;

  /** Sends a message to a topic, by POST or WebSocket; its id. Rejects with an error that has a verdict if neither passes. */
  send(topic: string, data: string): Promise<string>;
  close(): void;

  addEventListener<K extends keyof NeedleEvents>(
    type: K,
    listener: (event: NeedleEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: (event: NeedleMessage) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
