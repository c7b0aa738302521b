// What a client received, in order, and waiting for more of it.

const PATIENCE = 30_000;

export class Record {
  items = [];
  #waiting = [];

  add(item) {
    this.items.push(item);
    this.#waiting = this.#waiting.filter((look) => !look());
  }

  /** Events that are not the gateway's controls. */
  get events() {
    return this.items.filter((item) => !item.name.startsWith('needle-'));
  }

  get data() {
    return this.events.map((item) => item.data);
  }

  hellos() {
    return this.items.filter((item) => item.name === 'needle-hello').length;
  }

  /** Resolves as soon as the condition holds. */
  until(condition, what, patience = PATIENCE) {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const last = JSON.stringify(this.items.slice(-5)).slice(0, 1000);
        reject(new Error(`waited in vain for ${what}; ${this.events.length} events, at last ${last}`));
      }, patience);
      this.#waiting.push(() => {
        if (!condition()) return false;
        clearTimeout(timer);
        resolve();
        return true;
      });
    });
  }

  untilHello(count = 1) {
    return this.until(() => this.hellos() >= count, `hello number ${count}`);
  }

  untilEvents(count) {
    return this.until(() => this.events.length >= count, `${count} events`);
  }
}

/** The item for a frame that came as JSON over WebSocket, stream or poll. */
export function ofJson(object) {
  return object.control
    ? { name: `needle-${object.control}`, id: object.position ?? '', data: '', object }
    : { name: object.event ?? '', id: object.id, data: object.data, object };
}
