// Chromium without anything that talks to the outside by itself.

import { chromium } from 'playwright-core';

export function launch(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--renderer-process-limit=2', // pages by the dozen do little but wait
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // a page that a test makes up has no address, so that its gateway on the loopback would be a network of its own
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
      ...more,
    ],
  });
}
