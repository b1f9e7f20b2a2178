// SPDX-License-Identifier: AGPL-3.0-or-later
// Durable sign-ups, the whole feature: row, counters, code, mail. Beside a loop in C that writes the
// same rows, and beside the program as it would be if it committed each alone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { campaignData, signUp } from '../wire/client.mjs';
import { newFolder, program } from '../wire/server.mjs';
import { ratio } from './figures.mjs';
import { ALL_CPUS, alternate, medianOf, SECONDS, serve } from './machine.mjs';
import { OPEN, signingUp } from './sign_ups.mjs';

const PER_COMMIT = 100;
const built = (name) => join(dirname(program), name);

// A folder with the database of one campaign, before.db and after.db: of a sign-up.
async function beforeAndAfter() {
  const data = await campaignData(OPEN);
  const folder = newFolder();
  const database = join(data, 'essaim.db');
  const first = await serve(data);
  await signUp(first, OPEN.slug, { email: 'first@example.org' }); // whatever the first one adds is there
  assert.equal((await first.end()).status, 0);
  copyFileSync(database, join(folder, 'before.db'));
  const second = await serve(data);
  await signUp(second, OPEN.slug, { email: 'second@example.org' });
  assert.equal((await second.end()).status, 0);
  copyFileSync(database, join(folder, 'after.db'));
  rmSync(data, { recursive: true });
  return folder;
}

// Sign-ups a second of the loop.
async function rawLoop(folder) {
  const own = newFolder();
  copyFileSync(join(folder, 'after.db'), join(own, 'after.db'));
  const words = [join(folder, 'before.db'), join(own, 'after.db'), PER_COMMIT, SECONDS];
  const { stdout } = await promisify(execFile)(built('raw_loop'), words.map(String));
  rmSync(own, { recursive: true });
  return { rate: Number(stdout.match(/(\d+) a second/)[1]) };
}

async function signUps(connections) {
  const folder = await beforeAndAfter();
  const server = await serve(await campaignData(OPEN), { cpu: ALL_CPUS });
  const alone = await serve(await campaignData(OPEN), {
    cpu: ALL_CPUS,
    program: built('essaim_each'),
  });
  const [ours, raw, each] = await alternate(
    signingUp(server, { connections, cpu: ALL_CPUS }),
    () => rawLoop(folder),
    signingUp(alone, { connections, cpu: ALL_CPUS }),
  );
  await server.stop();
  await alone.stop();
  const bad = ours.reduce((sum, { bad }) => sum + bad, 0);
  const [rate, base, eachRate] = [ours, raw, each].map((of) => medianOf(of, 'rate'));
  const what = `durable sign-ups, ${connections} clients`;
  return {
    figures: [
      ratio(`${what} / a loop in C, ${PER_COMMIT} a commit`, rate / base, 0.35),
      ratio(`${what} / a build that commits each alone`, rate / eachRate, 6),
    ],
    note:
      `${Math.round(rate)} a second, p99 ${medianOf(ours, 'p99').toFixed(1)} ms, ${bad} refused; ` +
      `the loop ${base}, each alone ${Math.round(eachRate)}`,
  };
}

export const signUps64 = () => signUps(64);
export const signUps256 = () => signUps(256);
