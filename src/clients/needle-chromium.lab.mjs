// NeedleSource in Chromium on every hostile network, each in a page of its own.

import { after, before, describe, test } from 'node:test';
import { launch } from './lib/browser.mjs';
import { Gateway } from './lib/gateway.mjs';
import { pageIn } from './lib/labpage.mjs';
import { EXPECTED, PROFILES, asExpected, travel, warmUp, watch } from './lib/matrix.mjs';

let browser;
let gateway;
let tabs; // of one and the same window, which takes less of the machine than windows of their own

before(async () => {
  browser = await launch('--ignore-certificate-errors');
  tabs = await browser.newContext({ ignoreHTTPSErrors: true });
  gateway = await Gateway.open();
  await warmUp(gateway, client('clear'));
});

after(async () => {
  await browser.close();
  await gateway.close();
});

const behindProxy = (lab) => ({
  ignoreHTTPSErrors: true,
  proxy: { server: lab.url, username: 'user', password: 'secret', bypass: '<-loopback>' },
});

/** Runs in the page: subscribes, and tells every now and then what has come meanwhile. */
function subscribe([url, name]) {
  const news = [];
  const source = new window.NeedleSource(url, { topics: [name] });
  const seen = {};
  source.onmessage = ({ data }) => news.push(['event', data, Date.now()]);
  source.addEventListener('transport', () => news.push(['transport', source.transport, Date.now()]));
  const note = () => {
    for (const [rung, verdict] of Object.entries(source.verdicts)) {
      if (seen[rung] !== verdict) news.push(['verdict', rung, (seen[rung] = verdict)]);
    }
  };
  source.addEventListener('gap', () => news.push(['gap']));
  source.addEventListener('error', ({ verdict }) => {
    note();
    news.push(['trouble', verdict]);
  });
  window.tell = () => {
    note();
    return window.report(news.splice(0));
  };
  setInterval(note, 250);
  setInterval(window.tell, 1_000); // each news says when it came; oftener would take the machine from the pages
}

let missing = PROFILES.length;
let begin;
const all = new Promise((done) => (begin = done));

/** What opens a page takes the machine from those that travel: nobody begins before all pages are there. */
async function together(page) {
  try {
    return await page;
  } finally {
    if (!--missing) begin();
    await all;
  }
}

function client(profile, opened = (page) => page) {
  return async (lab, topic, journey) => {
    const { proxy } = EXPECTED[profile];
    const base = proxy ? 'https://needle.test' : lab.url;
    const take = (news) => news.forEach(([what, ...of]) => journey[what](...of));
    const context = proxy ? await browser.newContext(behindProxy(lab)) : tabs;
    const page = await opened(pageIn(context, base, take));
    return {
      async start() {
        await page.evaluate(`window.watched = (${watch})()`);
        await page.evaluate(subscribe, [`${base}/events`, topic]);
      },
      async leave() {
        const late = await page.evaluate(() => window.tell().then(window.watched));
        await page.close();
        return late;
      },
      // what it asks through a proxy would come through the lab
      ...(proxy || { get: (url) => page.evaluate((url) => fetch(url, { mode: 'no-cors' }).then(() => 0), url) }),
    };
  };
}

describe('NeedleSource in Chromium', { concurrency: PROFILES.length }, () => {
  for (const profile of PROFILES) {
    test(`on ${profile}`, async () => {
      asExpected(profile, await travel(gateway, profile, 'NeedleSource in Chromium', client(profile, together)));
    });
  }
});
