// Prints what NeedleSource tells, each as a line of JSON: node print-needle.mjs http://…
import { NeedleSource, options } from './lib/needle.mjs';
import { listen } from './lib/story.mjs';

listen(new NeedleSource(process.argv[2], options()), (item) => process.stdout.write(`${JSON.stringify(item)}\n`));
