// A hostile network in front of a gateway, and its own to the gateway: what comes through it comes from `from`.

import { call } from './gateway.mjs';

export class Lab {
  constructor({ lab, url, from, authority }) {
    this.lab = lab;
    this.url = url;
    this.from = from;
    this.authority = authority;
  }

  /** The URL of the events of a topic. */
  events(topic, more = {}) {
    return `${this.url}/events?${new URLSearchParams({ topic, ...more })}`;
  }

  /**
   * Another profile from now on: its name, or { dark: ms }, or { slow: ms of each chunk }. Open connections are 'lost', as when a device moves;
   * or 'stranded'; or they 'stay'.
   */
  change(profile, old = 'lost') {
    return this.#do('change', { ...(typeof profile === 'string' ? { profile } : profile), old });
  }

  /** How many have been made to it so far. */
  async connections() {
    return Number(await this.#do('connections', {}));
  }

  /** What was asked so far: {millis, method, uri, accept, upgrade}. */
  async seen() {
    return JSON.parse(await this.#do('seen', {}));
  }

  close() {
    return this.#do('close', {});
  }

  #do(what, query) {
    return call(`/lab/${what}?${new URLSearchParams({ lab: this.lab, ...query })}`);
  }
}
