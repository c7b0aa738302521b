// NeedleSource's verdicts and its ladder, by the same vectors as org.needle.path; each file explains its fields.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { budget, judge, ladder } from './lib/needle.mjs';

const vectors = (name) => JSON.parse(readFileSync(new URL(`../test-classes/path/${name}.json`, import.meta.url), 'utf8'));

for (const each of vectors('verdicts').verdicts) {
  test(`an attempt gets the verdict of the vector: ${each.rung}, ${each.name}`, () => {
    const { verdict = null, proved, wake } = judge(each, each.now);
    const { number, ...expected } = each.expect; // what a verdict measures is left to clients that show it
    assert.deepEqual({ verdict, proved, wake: wake || -1 }, { wake: -1, ...expected });
  });
}

test('its budget follows from what the way takes', () => {
  for (const [rtt, ms] of vectors('verdicts').budgets) assert.equal(budget(rtt), ms);
});

for (const walk of vectors('ladder').walks) {
  test(`the ladder moves like the vector: ${walk.name}`, () => {
    const take = ladder(walk.order, walk.probe);
    for (const step of walk.steps) {
      const { acts, alarm, on, out } = take(step.fact, step.at, step.chance ?? 0.5);
      assert.deepEqual(
        { do: acts, wake: alarm, on: on || null, out },
        { do: step.do, wake: step.wake ?? Infinity, on: step.on ?? null, out: step.out ?? {} },
        `at ${step.at}: ${step.fact}`,
      );
    }
  });
}
