// NeedleSource in Node on every hostile network, sixteen at a time.

import { after, before, describe, test } from 'node:test';
import { Agent, ProxyAgent, WebSocket, fetch } from 'undici';
import { Gateway } from './lib/gateway.mjs';
import { EXPECTED, PROFILES, asExpected, travel, warmUp } from './lib/matrix.mjs';
import { NeedleSource } from './lib/needle.mjs';

const PROXY_PORT = 443;
let gateway;

before(async () => {
  gateway = await Gateway.open();
  await warmUp(gateway, client('clear'));
});

after(() => gateway.close());

/** fetch and WebSocket by a way of one's own. */
function by(dispatcher) {
  return {
    fetch: (url, init) => fetch(url, { ...init, dispatcher }),
    WebSocket: class extends WebSocket {
      constructor(url, protocols) {
        super(url, { protocols, dispatcher });
      }
    },
  };
}

const way = (lab, profile) =>
  EXPECTED[profile].proxy
    ? by(new ProxyAgent({ uri: lab.url.replace('//', '//user:secret@'), requestTls: { rejectUnauthorized: false } }))
    : by(new Agent({ connect: { rejectUnauthorized: false } }));

function client(profile) {
  return (lab, topic, journey) => {
    const base = EXPECTED[profile].proxy ? `https://needle.test:${PROXY_PORT}` : lab.url;
    let source;
    let looks;
    const note = () => Object.entries(source.verdicts).forEach((pair) => journey.verdict(...pair));
    return {
      start() {
        source = new NeedleSource(`${base}/events`, { topics: [topic], ...way(lab, profile) });
        source.onmessage = ({ data }) => journey.event(data);
        source.addEventListener('transport', () => journey.transport(source.transport));
        source.addEventListener('gap', () => journey.gap());
        source.addEventListener('error', ({ verdict }) => {
          note();
          journey.trouble(verdict);
        });
        looks = setInterval(note, 250);
      },
      leave() {
        clearInterval(looks);
        note();
        source.close();
      },
    };
  };
}

describe('NeedleSource in Node', { concurrency: 16 }, () => {
  for (const profile of PROFILES) {
    test(`on ${profile}`, async () => {
      asExpected(profile, await travel(gateway, profile, 'NeedleSource in Node', client(profile)));
    });
  }
});
