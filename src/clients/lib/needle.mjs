// NeedleSource exactly as the gateway serves it.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';

const PAGES = fileURLToPath(new URL('../../classes/pages/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'needle-js-'));
const served = (name) => pathToFileURL(join(folder, name));

writeFileSync(join(folder, 'package.json'), '{"type":"module"}'); // or Node takes what ends in .js for CommonJS
for (const name of ['needle.js', 'needle-path.js', 'needle-more.js']) cpSync(join(PAGES, name), join(folder, name));
process.on('exit', () => rmSync(folder, { recursive: true }));

export const { NeedleSource, blocks } = await import(served('needle.js'));
export const { budget, judge, ladder, RUNGS } = await import(served('needle-path.js'));

/** Node has a WebSocket of its own only from 22 on. */
export const options = (more) => ({ WebSocket: globalThis.WebSocket ?? WebSocket, ...more });
