// What a NeedleSource tells, in Node or in a page of Chromium, in order, with the time in ms since it was opened.

import assert from 'node:assert/strict';
import { Record } from './record.mjs';

export class Story extends Record {
  began = performance.now();

  /** Adds what a source has told, and how it was then. */
  tell(item) {
    this.add({ name: '', id: '', data: '', ...item, at: performance.now() - this.began });
  }

  get events() {
    return this.items.filter((item) => item.kind === 'event');
  }

  /** The numbers n of all events {"n":…}, as they came. */
  get numbers() {
    return this.events.map((item) => JSON.parse(item.data).n);
  }

  /** What served, in order: {transport, at}. */
  get served() {
    return this.items.filter((item) => item.kind === 'transport');
  }

  get transport() {
    return this.served.at(-1)?.transport;
  }

  /** Every verdict that was ever given to a rung. */
  verdicts(rung) {
    return [...new Set(this.items.map((item) => item.verdicts?.[rung]).filter(Boolean))];
  }

  count(kind) {
    return this.items.filter((item) => item.kind === kind).length;
  }

  untilOpen(count = 1) {
    return this.until(() => this.count('open') >= count, `open number ${count}`);
  }

  untilOn(...transports) {
    return this.until(() => transports.includes(this.transport), `${transports}; served: ${JSON.stringify(this.served)}`);
  }
}

/** Hands over all that a source tells. Runs in pages too, so it stands alone. */
export function listen(source, take, names = []) {
  const tell = (kind) => (event) => {
    const { type, data, lastEventId: id, reason, verdict, status, title, topic, encoding } = event;
    const { transport, readyState } = source;
    const verdicts = kind === 'event' ? undefined : { ...source.verdicts };
    take({ kind, name: type, data, id, reason, verdict, status, title, topic, encoding, transport, readyState, verdicts });
  };
  for (const kind of ['open', 'error', 'transport', 'gap']) source.addEventListener(kind, tell(kind));
  for (const name of ['message', ...names]) source.addEventListener(name, tell('event'));
  const look = setInterval(() => source.readyState === 2 || tell('look')({ type: '' }), 250);
  return () => {
    clearInterval(look);
    source.close();
  };
}

/** The numbers from first to last, each once and in order. */
export function assertAll(story, last, first = story.numbers[0]) {
  assert.deepEqual(
    story.numbers,
    Array.from({ length: last - first }, (_, i) => first + i),
  );
}
