// A gateway of one's own, started, fed, cut and restarted through the desk that the JVM test keeps for us.

import { Lab } from './lab.mjs';

const desk = process.env.NEEDLE_DESK;
if (!desk) throw new Error('NEEDLE_DESK is not set: these tests are started by mvn verify -Pclients');

export async function call(path, body = '') {
  const answer = await fetch(desk + path, { method: 'POST', body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the desk answered ${answer.status} to ${path}: ${text}`);
  return text;
}

export class Gateway {
  /** `heartbeat` in ms may be wanted otherwise than 15 s, `keeping` more events of a topic; `guarded` asks for tokens. What is sent to said/** is published there. */
  static async open(wanted = {}) {
    const { edge, url, tls } = JSON.parse(await call(`/open?${new URLSearchParams(wanted)}`));
    return new Gateway(edge, url, tls);
  }

  constructor(edge, url, tls) {
    this.edge = edge;
    this.url = url;
    this.tls = tls;
  }

  /** The URL of the events of a topic. */
  events(topic, more = {}) {
    return `${this.url}/events?${new URLSearchParams({ topic, ...more })}`;
  }

  /** The same over TLS. */
  eventsOverTls(topic, more = {}) {
    return `${this.tls}/events?${new URLSearchParams({ topic, ...more })}`;
  }

  /** How many connections there have been to the TLS port so far. */
  async connections() {
    return Number(await this.#do('connections', {}));
  }

  /** Publishes text and returns the event's id. */
  publish(topic, data, event = '') {
    return this.#do('publish', { topic, event }, data);
  }

  /** Publishes the numbers from..to-1, in order. */
  async publishNumbers(topic, from, to) {
    for (let i = from; i < to; i++) await this.publish(topic, String(i));
  }

  /** Has {"n":from} … {"n":to-1} published in the background, so many in a second, each with its time `at` in ms. */
  flow(topic, from, to, rate) {
    return this.#do('flow', { topic, from, to, rate });
  }

  /** The sum of the gateway's meters of that name. */
  async meter(name) {
    return Number(await this.#do('meter', { name }));
  }

  /** A hostile network in front of it; `more`: seed, tls, 'target-tls', 'raw-tls'. See src/docs/lab.md. */
  async lab(profile, more = {}) {
    return new Lab(JSON.parse(await this.#do('lab/open', { profile, ...more })));
  }

  /** A real program in front of it, set up the way that hurts: nginx-default, haproxy-wait, squid …, see Middlebox.java. */
  async middlebox(kind) {
    const { box, url, proxy } = JSON.parse(await this.#do('box/open', { kind }));
    return { url, proxy, close: () => call(`/box/close?box=${box}`) };
  }

  /** Publishes every payload that is easily spoiled; returns what each has to look like. */
  async publishAll(topic) {
    return JSON.parse(await this.#do('payloads', { topic }));
  }

  /** A token to follow the topic, and to send to said/**, for so many seconds. */
  token(topic, seconds) {
    return this.#do('token', { topic, seconds });
  }

  /** Ends all connections, without a word. */
  cut() {
    return this.#do('cut', {});
  }

  /** Stops the gateway and starts it again with the same log, on another port behind the same URL. */
  restart() {
    return this.#do('restart', {});
  }

  close() {
    return this.#do('close', {});
  }

  #do(what, query, body) {
    return call(`/${what}?${new URLSearchParams({ edge: this.edge, ...query })}`, body);
  }
}
