// NeedleSource in Node behind the lab's profiles: every event once and in order, the first one soon, the best transport in time.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Gateway } from './lib/gateway.mjs';
import { NeedleSource, options } from './lib/needle.mjs';
import { behind, EXPECTED, listen } from './lib/scenario.mjs';

let gateway;

before(async () => {
  gateway = await Gateway.open();
});
after(() => gateway.close());

const client = (url, more, story) => listen(new NeedleSource(url, options(more)), (item) => story.tell(item));

describe('behind the profile', { concurrency: 5 }, () => {
  for (const [profile, { best, firstByPoll = true }] of Object.entries(EXPECTED)) {
    test(profile, async () => {
      const { story, slow, requests } = await behind(profile, gateway, client);
      const within = (ms, what, at) => assert.ok(at < ms + slow, `${what} within ${ms} ms and ${slow} of a slow machine: ${at}`);
      within(1000, 'answered', story.items.find((item) => item.kind === 'open').at);
      if (firstByPoll) within(1000, 'the first event', story.events[0].at);
      within(3000, 'proved', story.served[0].at);
      within(10_000, 'the best', story.served.find((item) => best.includes(item.transport)).at);
      const bySse = requests.filter(({ uri }) => uri.includes('transport=sse') && !uri.includes('mode=cycle'));
      if (profile === 'deny-event-stream') assert.ok(bySse.length <= 2, `${bySse.length} requests for SSE`);
    });
  }
});
