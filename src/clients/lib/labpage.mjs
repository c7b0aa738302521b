// A page in Chromium whose origin is a lab, or a server behind a lab that is an explicit proxy. The page itself does not come through the lab.

import { readFileSync } from 'node:fs';

const FILES = { '/blank': ['text/html', '<!doctype html><title>in the lab</title>'] };

/** `report` is called by the page; `library`: whether it has NeedleSource; `more` are the context's options, as a proxy. */
export async function pageIn(browser, origin, report, { library = true, ...more } = {}) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...more });
  const page = await context.newPage();
  await page.exposeFunction('report', report);
  for (const [path, [contentType, body]] of Object.entries({
    ...FILES,
    ...(library && { '/needle.js': ['text/javascript', readFileSync(new URL('./needle.mjs', import.meta.url), 'utf8')] }),
  })) {
    await page.route(origin + path, (route) => route.fulfill({ contentType, body }));
  }
  await page.goto(`${origin}/blank`);
  if (library) await page.evaluate(async () => Object.assign(window, await import('/needle.js')));
  await page.unrouteAll();
  return page;
}
