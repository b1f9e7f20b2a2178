// SPDX-License-Identifier: AGPL-3.0-or-later
// Memory, the time to the first answer, and the size of the program.
import { execFileSync } from 'node:child_process';
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { campaignData } from '../wire/client.mjs';
import { demoData, newFolder, program } from '../wire/server.mjs';
import { closeAll, head, openAll } from './crowd.mjs';
import { median, memoryKb, pause, ROUNDS, serve, viewersOf } from './machine.mjs';

const VIEWERS = viewersOf(10_000);
const WANTED_MB = { demo: 40, idle: 60, viewers: 100 };

export async function idle() {
  const server = await serve(await demoData({ participants: 5000 }));
  const { pid } = server.process;
  const { items } = (await server.json('/campaigns')).body;
  for (const { slug } of items) await server.fetch(`/campaigns/${slug}`);
  const demo = memoryKb(pid) / 1024;
  const connections = await openAll(server.port, 5_000, head('/healthz'));
  const idleMb = memoryKb(pid) / 1024 - demo;
  closeAll(connections);
  await pause(500);
  const base = memoryKb(pid) / 1024;
  const path = `/campaigns/${items[0].slug}/live`;
  const viewers = await openAll(server.port, VIEWERS, head(path));
  const viewersMb = memoryKb(pid) / 1024 - base;
  closeAll(viewers);
  await server.stop();
  return {
    ratio: Math.min(
      WANTED_MB.demo / demo,
      WANTED_MB.idle / idleMb,
      WANTED_MB.viewers / Math.max(viewersMb, 1),
    ),
    note: `${demo.toFixed(1)} MB after the demonstration's pages, ${idleMb.toFixed(1)} more with 5,000 idle connections, ${viewersMb.toFixed(1)} more with ${VIEWERS} viewers`,
  };
}

// Milliseconds from the start of the process to the end of its first page.
async function firstAnswer(data) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const server = await serve(data, { cpu: undefined });
    await (await server.fetch('/')).text();
    times.push(performance.now() - began);
    await server.end();
  }
  return median(times);
}

export async function start() {
  const demo = await firstAnswer(await demoData({ participants: 5000 }));
  const many = await firstAnswer(await campaignData({ slug: 'foule', people: 200_000 }));
  const stripped = join(newFolder(), 'essaim');
  copyFileSync(program, stripped);
  execFileSync('strip', [stripped]);
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).trim().split('\n').length;
  return {
    ratio: Math.min(200 / demo, 300 / many),
    note: `${demo.toFixed(0)} ms with the demonstration, ${many.toFixed(0)} ms with 200,000 participants; the program is ${(statSync(stripped).size / 1024 / 1024).toFixed(1)} MB stripped and loads ${libraries} libraries`,
  };
}
