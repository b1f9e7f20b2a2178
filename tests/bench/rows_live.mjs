// SPDX-License-Identifier: AGPL-3.0-or-later
// Ten thousand people watch one campaign: whether each sees every change within a second, what that
// costs, and what it takes from those who sign up.
import assert from 'node:assert/strict';
import { ask, campaignData } from '../wire/client.mjs';
import { closeAll, head, openAll } from './crowd.mjs';
import { atLeast, atMost, ratio } from './figures.mjs';
import { alternate, cpuMicros, medianOf, pause, serve } from './machine.mjs';
import { OPEN, PAGE, PATH, signingUp } from './sign_ups.mjs';

const VIEWERS = 10_000;
const CHANGES = 10;

// One sign-up a second, each seen by all: { lastMs, cpuPercent } of the slowest change.
async function watchChanges(server, reached, count) {
  let lastMs = 0;
  const before = cpuMicros(server.process.pid);
  const began = performance.now();
  for (let i = 0; i < CHANGES; i++) {
    const start = performance.now();
    reached.clear();
    const fields = { first_name: 'Anne', party: 1, email: `one${i}@example.org` };
    await ask(server, PATH, { fields });
    while (reached.size < count && performance.now() < start + 5000) await pause(5);
    lastMs = Math.max(lastMs, performance.now() - start);
    await pause(Math.max(0, start + 1000 - performance.now()));
  }
  const micros = (performance.now() - began) * 1000;
  return { lastMs, cpuPercent: (100 * (cpuMicros(server.process.pid) - before)) / micros };
}

export async function live() {
  const server = await serve(await campaignData(OPEN));
  const other = await serve(await campaignData(OPEN));
  const reached = new Set();
  const viewers = await openAll(server.port, VIEWERS, head(`${PAGE}/live`), (socket, piece) => {
    if (piece.includes('event: progress')) reached.add(socket);
  });
  const count = viewers.length;
  const { lastMs, cpuPercent } = await watchChanges(server, reached, count);
  viewers.forEach((socket) => socket.pause()); // nobody's browser is on this machine
  const [watched, alone] = await alternate(signingUp(server), signingUp(other));
  const metrics = await (await server.fetch('/metrics')).text();
  assert.equal(Number(metrics.match(/^essaim_live_viewers (\d+)/m)?.[1]), count);
  closeAll(viewers);
  await server.stop();
  await other.stop();
  const [rate, base] = [medianOf(watched, 'rate'), medianOf(alone, 'rate')];
  return {
    figures: [
      atLeast('viewers at once', count, VIEWERS),
      atMost(`until the last of ${count} viewers sees a change`, lastMs, 'ms', 1000),
      atMost('of a CPU at one change a second', cpuPercent, '%', 15),
      ratio('sign-ups beside these viewers / without, one CPU, rate', rate / base, 0.95),
    ],
    note: `${Math.round(rate)} sign-ups a second beside them, ${Math.round(base)} without`,
  };
}
