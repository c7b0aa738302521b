// NeedleSource in Node where the network, the gateway or its own process is away for a while: nothing is lost, nothing is held against
// a transport, and nobody asks again and again.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Gateway } from './lib/gateway.mjs';
import { NeedleSource, options, RUNGS } from './lib/needle.mjs';
import { assertAll, listen, Story } from './lib/story.mjs';

const LONG = 90_000;
const RATE = 10;
const MOST_IN_A_MINUTE = 10;
const HARMLESS = ['clear', 'cut-at', 'delayed'];

let gateway;

before(async () => {
  gateway = await Gateway.open();
});
after(() => gateway.close());

async function opened(t, profile, of = gateway) {
  const lab = await of.lab(profile);
  t.after(() => lab.close());
  return lab;
}

function follow(t, lab, topic) {
  const story = new Story();
  t.after(listen(new NeedleSource(lab.events(topic), options()), (item) => story.tell(item)));
  return story;
}

/** One that follows events through a network without faults, for so many seconds. */
async function clear(t, topic, seconds, of = gateway) {
  const lab = await opened(t, 'clear', of);
  const story = follow(t, lab, topic);
  await of.flow(topic, 0, seconds * RATE, RATE);
  return { lab, story };
}

/** One whose process can be stopped for a while. */
function inItsOwnProcess(url, story) {
  const child = spawn(process.execPath, ['print-needle.mjs', url], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface(child.stdout).on('line', (line) => story.tell(JSON.parse(line)));
  return child;
}

/** Ten events a second for so many seconds; in the end all have come, on the best transport, and no transport is thought to be bad. */
async function unharmed(story, seconds) {
  await story.until(() => story.numbers.at(-1) === seconds * RATE - 1, 'the last event', LONG);
  await story.until(() => story.transport === 'sse', `sse; served: ${JSON.stringify(story.served)}`, LONG);
  assertAll(story, seconds * RATE);
  for (const rung of RUNGS) {
    const bad = story.verdicts(rung).filter((verdict) => !HARMLESS.includes(verdict));
    assert.deepEqual(bad, [], `${rung}: ${JSON.stringify(story.items.filter(({ kind }) => kind !== 'event' && kind !== 'look'))}`);
  }
}

/** How often something is asked for so far; receipts are no questions. */
const asked = async (lab) => (await lab.seen()).filter(({ uri }) => !uri.startsWith('/receipts')).length;

/** Not more than ten of what is counted are added while something is done. */
async function few(t, count, what) {
  const before = await count();
  await what();
  const made = (await count()) - before;
  t.diagnostic(`needle: ${t.name}: ${made}`);
  assert.ok(made <= MOST_IN_A_MINUTE, `${made}, and not more than ${MOST_IN_A_MINUTE}`);
}

describe('NeedleSource in Node', { concurrency: 8 }, () => {
  test('waits for a network that is away for thirty seconds, with few connections', async (t) => {
    const { lab, story } = await clear(t, 'offline', 60);
    await story.untilOn('sse');
    await lab.change({ dark: 30_000 });
    await few(t, () => lab.connections(), () => pause(29_000));
    await unharmed(story, 60);
  });

  test('waits for a gateway that is started again, with few requests', async (t) => {
    const own = await Gateway.open();
    t.after(() => own.close());
    const { lab, story } = await clear(t, 'restart', 30, own);
    await story.untilOn('sse');
    await own.restart();
    await few(t, () => asked(lab), () => unharmed(story, 30));
  });

  test('waits for replies that take five seconds, with few requests', async (t) => {
    const lab = await opened(t, 'clear');
    await lab.change({ slow: 5_000 });
    await gateway.flow('slow', 0, 40 * RATE, RATE);
    const story = follow(t, lab, 'slow');
    await few(t, () => asked(lab), () => unharmed(story, 40));
  });

  test('waits for somebody to log in at a portal, with few requests', async (t) => {
    const lab = await opened(t, 'captive-portal');
    await lab.change('captive-portal', 'stay'); // its timetable begins now
    await gateway.flow('portal', 0, 40 * RATE, RATE);
    const story = follow(t, lab, 'portal');
    await few(t, () => asked(lab), () => unharmed(story, 40));
  });

  test('goes on when its process has been asleep, with few requests', async (t) => {
    const lab = await opened(t, 'clear');
    const story = new Story();
    const child = inItsOwnProcess(lab.events('asleep'), story);
    t.after(() => child.kill());
    await gateway.flow('asleep', 0, 50 * RATE, RATE);
    await story.untilOn('sse');
    child.kill('SIGSTOP');
    await pause(25_000);
    child.kill('SIGCONT');
    await few(t, () => asked(lab), () => unharmed(story, 50));
  });
});
