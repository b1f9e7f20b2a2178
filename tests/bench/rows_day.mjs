// SPDX-License-Identifier: AGPL-3.0-or-later
// A day of a national platform in two minutes: visits and sign-ups come at an even pace, whatever
// becomes of those before. A time counts from the moment at which a request was due, so that those
// who had to wait for others to be answered are not left out.
import { Agent } from 'node:http';
import { ask, campaignData } from '../wire/client.mjs';
import { atMost } from './figures.mjs';
import { ALL_CPUS, benchDemo, memoryMb, percentile, SECONDS, serve } from './machine.mjs';
import { OPEN, PAGE, PATH } from './sign_ups.mjs';

// Shorter where measurements are: fewer people then, at the same pace.
const DAY_SECONDS = Math.min(120, 40 * SECONDS);
const VISITS_PER_SECOND = 100_000 / 120;
const SIGN_UPS_PER_SECOND = 20_000 / 120;
const CONNECTIONS_MAX = 1000;

// Acts at an even pace; resolves to { took, failed }: milliseconds of each that was answered well, and
// what went wrong with others.
async function paced(perSecond, seconds, act) {
  const count = Math.round(perSecond * seconds);
  const took = [];
  const failed = [];
  const running = [];
  const began = performance.now();
  for (let i = 0; i < count; i++) {
    const due = began + (i * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((accept) => setTimeout(accept, early));
    const note = ({ status }) => {
      if (status < 300) took.push(performance.now() - due);
      else failed.push(status);
    };
    running.push(act(i).then(note, (error) => failed.push(error.code ?? error.message)));
  }
  await Promise.all(running);
  return { took, failed };
}

// What people look at: every second time the campaign to which they sign up, else the lists and the
// other campaigns in turn.
async function pathsOf(server) {
  const { items } = (await server.json('/campaigns')).body;
  const others = ['/', '/campaigns', ...items.map(({ slug }) => `/campaigns/${slug}`)];
  return others.flatMap((path) => [PAGE, path]);
}

// Lets people come for so long; their addresses begin with `name`. { visits, signUps } as of `paced`.
async function come(server, paths, name, seconds) {
  const crowd = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
  const headers = { accept: 'text/html', 'accept-language': 'fr' };
  const visit = (i) => ask(server, paths[i % paths.length], { crowd, headers });
  const signUp = (i) => {
    const fields = { first_name: 'Anne', party: 1, email: `${name}${i}@example.org` };
    return ask(server, PATH, { crowd, fields });
  };
  const [visits, signUps] = await Promise.all([
    paced(VISITS_PER_SECOND, seconds, visit),
    paced(SIGN_UPS_PER_SECOND, seconds, signUp),
  ]);
  crowd.destroy();
  return { visits, signUps };
}

const words = (took) =>
  `half within ${percentile(took, 0.5).toFixed(1)} ms, the last ${percentile(took, 1).toFixed(0)} ms`;

export async function day() {
  const data = await campaignData({ ...OPEN, data: await benchDemo() });
  const server = await serve(data, { cpu: ALL_CPUS });
  const memory = () => memoryMb(server.process.pid).own;
  const paths = await pathsOf(server);
  const first = memory();
  const morning = await come(server, paths, 'morning', DAY_SECONDS / 2);
  const noon = memory(); // what it caches is there
  const afternoon = await come(server, paths, 'afternoon', DAY_SECONDS / 2);
  const last = memory();
  await server.stop();
  const all = (kind, what) => [...morning[kind][what], ...afternoon[kind][what]];
  const [visits, signUps] = [all('visits', 'took'), all('signUps', 'took')];
  const failed = [...all('visits', 'failed'), ...all('signUps', 'failed')];
  const count = visits.length + signUps.length + failed.length;
  return {
    figures: [
      atMost(`of ${count} requests failed`, failed.length, '', 0),
      atMost(`p99 of ${visits.length} pages`, percentile(visits, 0.99), 'ms', 20),
      atMost(`p99 of ${signUps.length} sign-ups`, percentile(signUps, 0.99), 'ms', 100),
      atMost('more memory after the second half than after the first', last - noon, 'MB', 5),
    ],
    note:
      `in ${DAY_SECONDS} s; pages ${words(visits)}; sign-ups ${words(signUps)}; memory ` +
      [first, noon, last].map((mb) => `${mb.toFixed(0)} MB`).join(', ') +
      (failed.length ? `; ${[...new Set(failed)].join(' ')}` : ''),
  };
}
