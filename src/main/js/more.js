// What only some clients of NeedleSource need, and only those load: tokens, and sending.

const random = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** When a token is to be shown anew, in ms of the clock: a while before it ends. */
function end(jwt) {
  try {
    return JSON.parse(atob(jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).exp * 1e3 - 3e4;
  } catch {
    return Infinity; // only its holder knows
  }
}

/** Adds the token to headers, and to the query a ticket for it: a WebSocket has no headers, others may lose theirs on the way. */
export async function show(token, { headers, query, ticket, at, ask }) {
  const jwt = await (token.call ? token() : token);
  headers.Authorization = `Bearer ${jwt}`;
  if (ticket) {
    const answer = await ask(at('tickets'), { method: 'POST', body: JSON.stringify({ token: jwt }) });
    query.ticket = (await answer.json()).ticket;
  }
  return end(jwt);
}

/** By POST, or where that does not pass by a WebSocket of its own; the same key both times, so that it arrives once. */
export async function send(source, options, topic, data) {
  const { token, fetch: get = fetch } = options;
  const jwt = await (token?.call ? token() : token);
  const key = random();
  const url = new URL(source.url);
  url.search = new URLSearchParams({ topic });
  let problem;
  try {
    const answer = await get(url, {
      method: 'POST',
      body: data,
      headers: { 'Idempotency-Key': key, ...(jwt && { Authorization: `Bearer ${jwt}` }) },
      credentials: options.withCredentials ? 'include' : 'same-origin',
    });
    const said = await answer.json();
    if (said.id) return said.id;
    problem = said.title;
  } catch {
    // POST does not pass
  }
  if (problem) throw new Error(problem);
  return bySocket(source, options, { topic, data, key }, jwt);
}

function bySocket(source, { WebSocket: Socket = globalThis.WebSocket }, message, token) {
  return new Promise((done, fail) => {
    const url = new URL(source.url);
    url.searchParams.set('transport', 'websocket');
    url.searchParams.set('open', 'frame');
    url.protocol = url.protocol.replace('http', 'ws');
    const ws = new Socket(url, 'needle.v1');
    const tell = (frame) => ws.send(JSON.stringify(frame));
    let opened;
    ws.onopen = () => {
      opened = true;
      tell({ control: 'open', token });
    };
    ws.onerror = () => {}; // close follows
    ws.onclose = () => {
      const verdict = opened ? 'killed-after-open' : 'blocked';
      fail(Object.assign(new Error(`nothing gets through that sends: POST and WebSocket are ${verdict}`), { verdict }));
    };
    ws.onmessage = ({ data }) => {
      const { control, key, id, title } = JSON.parse(data);
      if (control == 'hello') tell(message);
      if (key != message.key) return;
      if (control == 'accepted') done(id);
      else fail(new Error(title));
      ws.close();
    };
  });
}
