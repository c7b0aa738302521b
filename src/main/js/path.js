// What was seen of an attempt comes to a verdict, and facts lead to moves: the policy of NeedleSource, pure, as org.needle.path has it.
// What everything means say src/test/resources/path/verdicts.json and ladder.json, which both run.

export const RUNGS = ['sse', 'websocket', 'stream', 'cycle', 'poll', 'short-poll'];
export const WHY = { portal: 'captive-portal', away: 'unavailable', none: 'offline' };
const REFUSALS = [
  [/101|20/],
  [/405|501/, 'method-denied'],
  [/407/, 'proxy-auth'],
  [/426/, 'stripped'],
  [/511/, WHY.portal],
  [/408|429|50/, WHY.away],
  [/./, 'blocked'],
];
export const ends = (rung) => RUNGS.indexOf(rung) > 2; // made of answers that end

/** How long to wait for a sign of data, in ms. */
export const budget = (rtt) => Math.max(2e3, Math.min(8e3, 4 * rtt + 1300));

/** The verdict on one attempt, now ms after it began. */
export function judge({ rung, hold = 0, seen, info, rtt = 10, connect, missing, http10 }, now) {
  const at = {};
  const value = {};
  let mark = -1;
  let marks = 0;
  let last = -125;
  let how;
  for (const [time, what, number] of seen) {
    at[what] ??= time;
    value[what] ??= number;
    if (/^(end|close|reset|silence)/.test(what)) how ??= what;
    if (/status|hello|tick|event/.test(what)) mark = time;
    if (/hello|tick|event/.test(what) && time - last >= 125) {
      marks++;
      last = time;
    }
  }
  const { hello, tick, bye, status = -1 } = at;
  const end = at[how];
  const flushed = (time) => end - time < 125;
  const burst = tick - hello < 125;
  const late = hello >= 700 && !burst && tick - hello < 500; // pushed out by the first tick, which the second one pushed out
  const ticks = seen.filter(([time, what]) => what == 'tick' && (!how || flushed(time))).length > 1;
  if (flushed(last)) marks--;
  if (ticks && !how && !burst && !late) marks++; // with both ticks nothing is left that could be held

  const socket = rung == 'websocket';
  const proved = ends(rung) ? hello >= 0 && (rung != 'cycle' || how == 'end') : marks > 2 && (!socket || at.echo > 0);
  // the gateway ends a stream that is not confirmed after at most 3.3 s; what is held comes then
  const patience = Math.max(budget(rtt), ends(rung) || socket ? 0 : 4e3);
  const wake = hold + (mark < 0 ? 8e3 : mark + patience);
  const broken = (time) => {
    if (status < 0) return hold && time >= 1500 ? 'cut-at' : 'blocked';
    if (how == 'silence' && !(hello >= 0)) return 'swallowed';
    return time - status < 1500 ? 'killed-after-open' : 'cut-at';
  };
  const works = () => {
    if (how && !bye && how != 'end' && !/1000|1001|1012|4401/.test(value.close)) return 'cut-at';
    if (!socket && (missing || http10)) return http10 ? 'http10' : 'stripped';
    return late ? 'held-to-next' : rtt - connect >= 150 ? 'delayed' : 'clear';
  };
  const fails = () => {
    if (how == 'end' && flushed(hello) && (burst || end >= 500)) return 'held-to-end';
    if (burst || (how && hello >= 0 && ticks)) return 'buffered';
    if (how) return bye ? 'clear' : how == 'end' && !(hello >= 0) ? 'swallowed' : broken(end);
    if (late && now >= mark + 500) return 'held-to-next';
    if (now >= wake) return mark < 0 ? broken(now) : 'swallowed';
  };
  const refused =
    (at.other && 'blocked') ||
    REFUSALS.find(([status]) => status.test(value.status ?? 200))[1] ||
    ((at.damaged || value.close == 1002) && 'rewritten');
  const verdict = refused || (proved ? works() : fails());
  return {
    verdict: (verdict && !/clear|proxy/.test(verdict) && WHY[info]) || verdict,
    proved: proved && !refused,
    // when silence would mean something; a verdict with that is no end yet, and worth telling the gateway, which may help
    wake: !proved && !how && now < wake && (!verdict ? (late ? mark + 500 : wake) : verdict == 'held-to-next' && wake),
    how,
  };
}

/** Which rung to try, to use and to leave: told facts, it answers acts. */
export function ladder(order = RUNGS, probe = 0) {
  let now, chance, acts, alarm, at, on, best, checking, retryAt, probeAt, out;
  let failed = [];
  let tries = 0;
  let last = 0;
  let pollAt = 0;
  let every = probe || 6e5;
  let beside = 2e3; // how long a rung is alone before the next one is tried
  const found = {};

  const rank = (rung) => (rung ? order.indexOf(rung) : order.length);
  const better = (rung) => order.slice(0, rank(rung));
  const trying = (rung) => better(rung).some((each) => at[each].trying);
  const free = (rung) => at[rung] && !at[rung].trying && !out[rung];
  const after = (ms, spread) => now + Math.round(ms * (1 + spread * (chance - 0.5)));
  const soon = (time) => void (alarm = Math.min(alarm, time));
  const forgive = () => better(on).forEach((rung) => delete out[rung]);
  const fresh = () => {
    at = Object.fromEntries(order.map((rung) => [rung, { from: 0, lost: [] }]));
    out = {};
  };
  const check = () => {
    retryAt = 0;
    checking = acts.push('check');
  };
  const closeTried = () => {
    for (const rung of order) {
      if (at[rung].trying) acts.push('close ' + rung);
      at[rung].trying = 0;
    }
    failed = [];
  };
  const later = (spread) => {
    closeTried();
    checking = 0;
    retryAt = after([1, 2, 4, 4, 4, 8, 16, 32, 60][Math.min(tries++, 8)] * 1e3, spread);
  };
  const gone = (rung, delay) => {
    at[rung].trying = 0;
    if (on != rung) return;
    on = 0;
    pollAt = now + delay + beside;
  };
  // with /info answered the path is there, so the failure is the rung's own
  const strike = ([rung, verdict, status, life]) => {
    const its = at[rung];
    its.lost = its.lost.filter((each) => each > now - 3e5).slice(life / 6e4);
    if (life < (ends(rung) ? 3e3 : 3e4)) its.lost.push(now);
    const once = /^(buf|hel|str|met|rew)/.test(verdict) || (/^(bl|sw)/.test(verdict) && (!its.good || status));
    const lives = its.lost.length;
    const cut = verdict == 'cut-at';
    its.from = lives && !cut ? after(lives * 1e3, 1) : 0;
    const given = once || lives > 2;
    if (given || cut) found[rung] = verdict; // what is forgiven says nothing of the path
    if (!given) return;
    out[rung] = verdict;
    at[rung] = { from: 0, lost: [], good: its.good };
  };
  const open = (rung) => {
    at[rung].trying = 1;
    acts.push('open ' + rung);
  };
  const openAt = (rung, time) => {
    if (now < time) return soon(time);
    if (rung != 'poll' || !trying(on)) last = now;
    open(rung);
    return 1;
  };
  const climb = () => {
    if (!on && free('poll')) openAt('poll', Math.max(pollAt, at.poll.from));
    const next = better(on).find(free);
    if (!next) rest();
    else if (openAt(next, Math.max(at[next].from, trying(next) ? last + beside : now))) climb();
  };
  // nothing is left to try: on the best rung for good, on another one for a long while, on none for a short one
  const rest = () => {
    if (trying(on) || !rank(on)) return;
    probeAt ||= after(every, 0.4);
    if (on && now < probeAt) return soon(probeAt);
    forgive();
    if (!on) return later(1);
    probeAt = 0;
    every = Math.min(2 * every, probe || 36e5);
    climb();
  };

  const facts = {
    start(memory) {
      if (at[memory?.rung]) for (const rung of better((best = memory.rung))) if (memory.out[rung]) out[rung] = memory.out[rung];
      check();
    },
    checked(info, rtt = 0) {
      if (info == 'portal') tries ||= 1; // nobody logs in within a second
      if (WHY[info]) return later(info == 'portal' ? 0.4 : 1);
      beside = Math.max(2e3, rtt + 1300);
      if (!on && !failed.length) pollAt = best ? now + beside : now;
      failed.forEach(strike);
      failed = [];
      checking = 0;
    },
    proved(rung) {
      at[rung].trying = tries = 0;
      at[rung].good = 1;
      if (rank(rung) > rank(on)) return acts.push('close ' + rung);
      acts.push('adopt ' + (on = rung));
      for (const worse of order.slice(rank(rung))) at[worse].trying = 0;
      if (rung == best) return;
      best = rung;
      every = probe || 6e5;
      probeAt = 0;
    },
    over(...over) {
      gone(over[0], 0);
      if (retryAt) return;
      if (over[1] == 'proxy-auth') return later(1);
      failed.push(over);
      if (!checking) check();
    },
    bye(rung, delay) {
      gone(rung, delay);
      at[rung].from = now + delay;
    },
    switch(rung, reason) {
      if (!on || !at[rung] || on == rung) return;
      out[on] = found[on] = reason;
      delete out[rung];
      on = 0;
      pollAt = now + beside;
      last = now;
      open(rung);
    },
    refused(rung) {
      gone(rung, 0);
      later(1);
    },
    wake() {
      on = 0;
      closeTried();
      check();
    },
    network() {
      closeTried();
      fresh();
      best = tries = 0;
      facts.wake();
    },
    time() {
      if (retryAt && now >= retryAt) check();
    },
  };

  fresh();
  return ([fact, ...of], time, luck) => {
    now = time;
    chance = luck;
    acts = [];
    alarm = Infinity;
    facts[fact](...of);
    if (!retryAt && !checking) climb();
    if (retryAt) soon(retryAt);
    return { acts, alarm, on, best, out: { ...out }, tries, found };
  };
}
