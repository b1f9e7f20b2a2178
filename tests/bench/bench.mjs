#!/usr/bin/env node
// SPDX-License-Identifier: AGPL-3.0-or-later
// The figures of docs/performance.md: all rows or those that are named. Run by script/bench.
// Each row is a process of its own with a folder of its own and a time that it may take, so that one
// that fails leaves nothing behind for the next. Ends with 1 when something could not be measured; a
// figure that is not reached is only said to be so.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, machine } from './machine.mjs';
import { rows } from './rows.mjs';

const WHOLE_MINUTES_MAX = 28;
const ROW_MINUTES_MAX = 6;
const ROW = new URL('row.mjs', import.meta.url).pathname;
const NAME_WIDTH = 18;
const FIGURE_WIDTH = 10;
const VERDICT_WIDTH = 8;

const began = performance.now();
const minutesSince = (start) => (performance.now() - start) / 60_000;
const folder = mkdtempSync(join(tmpdir(), 'essaim-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

// What the row found: { figures, note } or { failed }.
async function measure(name) {
  const minutes = Math.min(ROW_MINUTES_MAX, WHOLE_MINUTES_MAX - minutesSince(began));
  if (minutes < 1) return { failed: `left out: the ${WHOLE_MINUTES_MAX} minutes are over` };
  const own = join(folder, name);
  mkdirSync(own);
  const env = { ...process.env, TMPDIR: own };
  const child = fork(ROW, [name, String(minutes * 60_000)], { env });
  let found = { failed: 'it ended without a word' };
  child.on('message', (message) => (found = message));
  await once(child, 'close');
  rmSync(own, { recursive: true, force: true, maxRetries: 5 });
  return found;
}

function print(name, { figures, note, failed }) {
  if (failed) return console.log(`${name.padEnd(NAME_WIDTH)} FAILED\n${failed}`);
  for (const [i, { what, text, reached, wanted }] of figures.entries()) {
    const head = (i === 0 ? name : '').padEnd(NAME_WIDTH);
    const verdict = wanted ? (reached ? 'reached' : 'missed') : '';
    const goal = wanted ? ` (wanted: ${wanted})` : '';
    console.log(
      `${head} ${text.padEnd(FIGURE_WIDTH)} ${verdict.padEnd(VERDICT_WIDTH)} ${what}${goal}`,
    );
  }
  if (note) console.log(`${''.padEnd(NAME_WIDTH)} ${note}`);
}

const asked = process.argv.slice(2);
if (asked.some((name) => !rows[name])) {
  console.error(`There are: ${Object.keys(rows).join(' ')}`);
  process.exit(2);
}
console.log(machine());
const found = [];
for (const name of asked.length ? asked : Object.keys(rows)) {
  const start = performance.now();
  found.push({ name, ...(await measure(name)) });
  const { figures = [], ...rest } = found.at(-1);
  const took = `${Math.round(minutesSince(start) * 60)} s, load ${load()}`;
  print(name, { ...rest, figures, note: [rest.note, took].filter(Boolean).join('; ') });
}

const judged = found.flatMap(({ figures = [] }) => figures.filter(({ wanted }) => wanted));
const failed = found.filter(({ failed }) => failed).map(({ name }) => name);
const reached = judged.filter((figure) => figure.reached).length;
const minutes = minutesSince(began).toFixed(1);
console.log(`\n${reached} of ${judged.length} figures reached, in ${minutes} minutes.`);
if (failed.length) console.log(`Not measured: ${failed.join(' ')}`);
process.exitCode = failed.length ? 1 : 0;
