// Prints every frame of a WebSocket as a line, with npm's ws: node print-ws.mjs ws://…
import WebSocket from 'ws';

new WebSocket(process.argv[2], ['needle.v1']).on('message', (data) => process.stdout.write(`${data}\n`));
