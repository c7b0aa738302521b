// A page in Chromium whose origin is a lab, or a server behind a lab that is an explicit proxy. The page itself does not come through the lab.

import { readFileSync } from 'node:fs';

const BLANK = ['text/html', '<!doctype html><title>in the lab</title>'];
const PAGES = new URL('../../classes/pages/', import.meta.url);
const served = (name) => ['text/javascript', readFileSync(new URL(name, PAGES), 'utf8')];

/** A page with NeedleSource, which calls `report`. */
export async function pageIn(context, origin, report) {
  const page = await context.newPage();
  await page.exposeFunction('report', report);
  const files = { blank: BLANK, 'favicon.ico': BLANK };
  for (const name of ['needle.js', 'needle-path.js', 'needle-more.js']) files[name] = served(name);
  for (const [name, [contentType, body]] of Object.entries(files)) {
    await page.route(`${origin}/${name}`, (route) => route.fulfill({ contentType, body }));
  }
  await page.goto(`${origin}/blank`);
  await page.evaluate(async () => Object.assign(window, await import('/needle.js')));
  await page.unrouteAll();
  return page;
}
