// SPDX-License-Identifier: AGPL-3.0-or-later
// Memory, the time to the first answer, and the size of the program.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assertSound, campaignData } from '../wire/client.mjs';
import { newFolder, program } from '../wire/server.mjs';
import { closeAll, head, openAll } from './crowd.mjs';
import { atMost, stated } from './figures.mjs';
import { ALL_CPUS, benchDemo, median, memoryMb, ROUNDS, serve } from './machine.mjs';

const IDLE = 5_000;
const VIEWERS = 10_000;
const PEOPLE = 200_000;

// The memory of a server of its own after the demonstration's pages, and how much more it takes with
// connections, each of which asks for `path(slug)`: { count, demo, more }.
async function memoryWith(wanted, path) {
  const server = await serve(await benchDemo());
  const { pid } = server.process;
  const { items } = (await server.json('/campaigns')).body;
  for (const { slug } of items) await server.fetch(`/campaigns/${slug}`);
  const demo = memoryMb(pid).all;
  const connections = await openAll(server.port, wanted, head(path(items[0].slug)));
  const more = memoryMb(pid).all - demo;
  closeAll(connections);
  await server.stop();
  return { count: connections.length, demo, more };
}

export async function idle() {
  const quiet = await memoryWith(IDLE, () => '/healthz');
  assert.equal(quiet.count, IDLE);
  const viewers = await memoryWith(VIEWERS, (slug) => `/campaigns/${slug}/live`);
  return {
    figures: [
      atMost("memory after the demonstration's pages", quiet.demo, 'MB', 40),
      atMost(`more with ${quiet.count} idle connections`, quiet.more, 'MB', 60),
      atMost(`more with ${viewers.count} viewers`, viewers.more, 'MB', 100),
    ],
  };
}

// Milliseconds from the start of the process to the end of its first page.
async function firstAnswer(data) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const server = await serve(data, { cpu: ALL_CPUS });
    await (await server.fetch('/')).text();
    times.push(performance.now() - began);
    await server.end();
  }
  return median(times);
}

export async function start() {
  const data = await benchDemo();
  const demo = await firstAnswer(data);
  await campaignData({ data, slug: 'foule', people: PEOPLE, minimum: 5 * PEOPLE });
  await assertSound(data);
  const many = await firstAnswer(data);
  rmSync(data, { recursive: true });
  return {
    figures: [
      atMost("from start to first answer with the demonstration's data", demo, 'ms', 200),
      atMost(`the same with ${PEOPLE.toLocaleString('en')} participants more`, many, 'ms', 300),
    ],
    note: 'the files were in memory',
  };
}

const lines = (command, ...words) =>
  spawnSync(command, words, { encoding: 'utf8' }).stdout.trim().split('\n');

// The Debian packages of the libraries that it loads, those of libraries included. dpkg knows a file
// by the path in its package, which may lack the /usr that it has now.
function packagesOf(path) {
  const loaded = lines('ldd', path).flatMap((line) => line.match(/\/\S+(?= \()/) ?? []);
  const files = loaded.map((file) => realpathSync(file));
  const paths = files.flatMap((file) => [file, file.replace(/^\/usr/, '')]);
  return new Set(lines('dpkg', '-S', ...paths).map((line) => line.split(':')[0]));
}

export async function size() {
  const stripped = join(newFolder(), 'essaim');
  copyFileSync(program, stripped);
  execFileSync('strip', [stripped]);
  const mb = statSync(stripped).size / 1024 / 1024;
  const direct = lines('objdump', '-p', program).filter((line) => line.includes('NEEDED'));
  const packages = packagesOf(program);
  return {
    figures: [
      stated('the program, stripped', `${mb.toFixed(1)} MB`),
      stated('Debian packages of its libraries and theirs', `${packages.size}`),
    ],
    note: `it names ${direct.length} libraries; ca-certificates and tzdata besides`,
  };
}
