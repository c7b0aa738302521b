// NeedleSource in Chromium on every hostile network, five at a time, each in a page of its own.

import { after, before, describe, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { pageIn } from './lib/labpage.mjs';
import { EXPECTED, PROFILES, asExpected, travel, warmUp } from './lib/matrix.mjs';

let browser;
let gateway;

before(async () => {
  browser = await launch('--ignore-certificate-errors');
  gateway = await Gateway.open();
  await warmUp(gateway, client('clear'));
});

after(async () => {
  await browser.close();
  await gateway.close();
});

const behindProxy = (lab) => ({
  proxy: { server: lab.url, username: 'user', password: 'secret', bypass: '<-loopback>' },
});

function client(profile) {
  return async (lab, topic, journey) => {
    const { proxy } = EXPECTED[profile];
    const base = proxy ? 'https://needle.test' : lab.url;
    const page = await pageIn(browser, base, (what, ...of) => journey[what](...of), proxy ? behindProxy(lab) : {});
    const subscribe = ([url, name]) => {
      const source = new window.NeedleSource(url, { topics: [name] });
      source.onmessage = ({ data }) => window.report('event', data);
      source.addEventListener('transport', () => window.report('transport', source.transport));
      const note = () => Object.entries(source.verdicts).forEach((pair) => window.report('verdict', ...pair));
      source.addEventListener('error', note);
      setInterval(note, 250);
      window.source = source;
    };
    return {
      start: () => page.evaluate(subscribe, [`${base}/events`, topic]),
      async leave() {
        const verdicts = await page.evaluate(() => ({ ...window.source?.verdicts }));
        Object.entries(verdicts).forEach((pair) => journey.verdict(...pair));
        await page.context().close();
      },
    };
  };
}

describe('NeedleSource in Chromium', { concurrency: 5 }, () => {
  for (const profile of PROFILES) {
    test(`on ${profile}`, async () => {
      asExpected(profile, await travel(gateway, profile, 'NeedleSource in Chromium', client(profile)));
    });
  }
});
