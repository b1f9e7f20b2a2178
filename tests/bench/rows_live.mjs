// SPDX-License-Identifier: AGPL-3.0-or-later
// Ten thousand people watch one campaign: whether each sees every change within a second, what that
// costs, and what it takes from those who sign up.
import { ask, campaignData } from '../wire/client.mjs';
import { closeAll, head, openAll } from './crowd.mjs';
import { alternate, cpuMicros, medianOf, pause, serve, viewersOf, wrk } from './machine.mjs';

const VIEWERS = viewersOf(10_000);
const CHANGES = 10;
const SCRIPT = new URL('sign_up.lua', import.meta.url).pathname;

// One sign-up a second, each seen by all: { lastMs, cpuPercent } of the slowest change.
async function watchChanges(server, versions) {
  let lastMs = 0;
  const before = cpuMicros(server.process.pid);
  const began = performance.now();
  for (let i = 0; i < CHANGES; i++) {
    const start = performance.now();
    versions.fill(0);
    const fields = { first_name: 'Anne', party: 1, email: `one${i}@example.org` };
    await ask(server, '/campaigns/haie/sign-ups', { fields });
    while (versions.some((seen) => !seen) && performance.now() < start + 5000) await pause(5);
    lastMs = Math.max(lastMs, performance.now() - start);
    await pause(Math.max(0, start + 1000 - performance.now()));
  }
  const micros = (performance.now() - began) * 1000;
  return { lastMs, cpuPercent: (100 * (cpuMicros(server.process.pid) - before)) / micros };
}

export async function live() {
  const server = await serve(await campaignData({ slug: 'haie', minimum: 1_000_000 }));
  const other = await serve(await campaignData({ slug: 'haie', minimum: 1_000_000 }));
  const versions = new Uint8Array(VIEWERS);
  const viewers = await openAll(server.port, VIEWERS, head('/campaigns/haie/live'), (i) => {
    versions[i] = 1;
  });
  const { lastMs, cpuPercent } = await watchChanges(server, versions);
  let run = 0;
  const signUps = ({ url }) => {
    const words = ['/campaigns/haie/sign-ups', `r${run++}x`];
    return wrk(url, { script: SCRIPT, words });
  };
  viewers.forEach((socket) => socket.pause()); // nobody's browser is on this machine
  const [watched, alone] = await alternate(
    () => signUps(server),
    () => signUps(other),
  );
  closeAll(viewers);
  await server.stop();
  await other.stop();
  const [rate, base] = [medianOf(watched, 'rate'), medianOf(alone, 'rate')];
  return {
    ratio: rate / base,
    note: `all ${VIEWERS} reached within ${lastMs.toFixed(0)} ms, ${cpuPercent.toFixed(1)} % of a CPU at one change a second; ${Math.round(rate)} sign-ups a second beside them, ${Math.round(base)} without`,
  };
}
