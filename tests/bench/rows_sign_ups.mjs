// SPDX-License-Identifier: AGPL-3.0-or-later
// Durable sign-ups, the whole feature: row, counters, code, mail. Beside a loop in C that writes the
// same rows, and a day of a national platform.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ask, campaignData, signUp } from '../wire/client.mjs';
import { newFolder, program } from '../wire/server.mjs';
import { alternate, medianOf, memoryKb, SECONDS, serve, wrk } from './machine.mjs';

const SCRIPT = new URL('sign_up.lua', import.meta.url).pathname;
const PATH = '/campaigns/haie/sign-ups';
const OPEN = { slug: 'haie', minimum: 1_000_000 };

// The database with one campaign, before and after one sign-up: { before, after }.
async function beforeAndAfter() {
  const data = await campaignData(OPEN);
  const folder = newFolder();
  const database = join(data, 'essaim.db');
  const first = await serve(data);
  await signUp(first, 'haie', { email: 'first@example.org' }); // whatever the first one adds is there
  assert.equal((await first.end()).status, 0);
  copyFileSync(database, join(folder, 'before.db'));
  const second = await serve(data);
  await signUp(second, 'haie', { email: 'second@example.org' });
  assert.equal((await second.end()).status, 0);
  copyFileSync(database, join(folder, 'after.db'));
  rmSync(data, { recursive: true });
  return folder;
}

// Sign-ups a second of the loop, so many to a commit.
async function rawLoop(folder, perCommit) {
  const own = mkdtempSync(join(tmpdir(), 'essaim-raw-'));
  copyFileSync(join(folder, 'after.db'), join(own, 'after.db'));
  const words = [join(folder, 'before.db'), join(own, 'after.db'), perCommit, SECONDS];
  const loop = join(dirname(program), 'raw_loop');
  const { stdout } = await promisify(execFile)(loop, words.map(String));
  rmSync(own, { recursive: true });
  return { rate: Number(stdout.match(/(\d+) a second/)[1]) };
}

async function signUps(connections) {
  const folder = await beforeAndAfter();
  const server = await serve(await campaignData(OPEN), { cpu: undefined });
  let run = 0;
  const [ours, raw, alone] = await alternate(
    () =>
      wrk(server.url, { connections, script: SCRIPT, words: [PATH, `r${run++}x`], cpu: undefined }),
    () => rawLoop(folder, 100),
    () => rawLoop(folder, 1),
  );
  await server.stop();
  rmSync(folder, { recursive: true });
  const bad = ours.reduce((sum, { bad }) => sum + bad, 0);
  const [rate, base] = [medianOf(ours, 'rate'), medianOf(raw, 'rate')];
  return {
    ratio: rate / base,
    note: `${Math.round(rate)} a second, p99 ${medianOf(ours, 'p99').toFixed(1)} ms, ${bad} refused; the loop ${base}, ${medianOf(alone, 'rate')} with one to a commit`,
  };
}

export const signUps64 = () => signUps(64);
export const signUps256 = () => signUps(256);

// A day of a national platform in two minutes, at an even pace.
const VISITS = 100_000;
const PEOPLE = 20_000;
const DAY_SECONDS = 120;

const percentile = (values, part) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)];

async function paced(count, act) {
  const took = [];
  const began = performance.now();
  const running = new Set();
  for (let i = 0; i < count; i++) {
    const due = began + (i * DAY_SECONDS * 1000) / count;
    if (due > performance.now() + 1)
      await new Promise((accept) => setTimeout(accept, due - performance.now()));
    const start = performance.now();
    const one = act(i).then((answer) => {
      took.push(performance.now() - start);
      assert.ok(answer.status < 300, `${answer.status}: ${answer.text}`);
      running.delete(one);
    });
    running.add(one);
  }
  await Promise.all(running);
  return took;
}

export async function day() {
  const server = await serve(await campaignData(OPEN), { cpu: undefined });
  const crowd = new Agent({ keepAlive: true, maxSockets: 256 });
  const before = memoryKb(server.process.pid);
  const pages = ['/campaigns/haie', '/', '/campaigns', '/campaigns/haie/screen'];
  const [visits, posts] = await Promise.all([
    paced(VISITS, (i) =>
      ask(server, pages[i % pages.length], { crowd, headers: { accept: 'text/html' } }),
    ),
    paced(PEOPLE, (i) =>
      ask(server, PATH, {
        crowd,
        fields: { first_name: 'Anne', party: 1, email: `day${i}@example.org` },
      }),
    ),
  ]);
  const grown = (memoryKb(server.process.pid) - before) / 1024;
  crowd.destroy();
  await server.stop();
  const [p99, p99Posts] = [percentile(visits, 0.99), percentile(posts, 0.99)];
  return {
    ratio: Math.min(20 / p99, 100 / p99Posts),
    note: `no error; p99 of ${VISITS} pages ${p99.toFixed(1)} ms, of ${PEOPLE} sign-ups ${p99Posts.toFixed(1)} ms; memory +${grown.toFixed(1)} MB`,
  };
}
