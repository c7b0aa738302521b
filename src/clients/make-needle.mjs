// Makes what the gateway serves, src/main/resources/pages/needle*.js, of the modules in src/main/js: shorter names, no comments.
// `npm run needle` in target/clients writes it after a change; needle.test.mjs asks whether that was done.

import { readFileSync, writeFileSync } from 'node:fs';
import { minify } from 'terser';

const FILES = { 'needle.js': ['session', 'needle'], 'needle-path.js': ['path'], 'needle-more.js': ['more'] };
const HOW = {
  module: true,
  ecma: 2022,
  compress: { passes: 3, unsafe_arrows: true },
  format: { preamble: '// Needle. Made of src/main/js, where it can be read.' },
};

/** The text of each file, by its name. */
export async function make(root) {
  const made = {};
  for (const [name, parts] of Object.entries(FILES)) {
    const texts = parts.map((part) => readFileSync(new URL(`src/main/js/${part}.js`, root), 'utf8'));
    const one = texts
      .join('\n')
      .replace(/^.*from '.\/session.js';$/gm, '')
      .replace(/^export (?=(const now|const random|function session))/gm, '')
      .replaceAll("'./path.js'", "'./needle-path.js'");
    made[name] = `${(await minify(one, HOW)).code}\n`;
  }
  return made;
}

if (process.argv[2]) {
  const root = new URL(process.argv[2], `file://${process.cwd()}/`);
  for (const [name, text] of Object.entries(await make(root))) {
    writeFileSync(new URL(`src/main/resources/pages/${name}`, root), text);
  }
}
