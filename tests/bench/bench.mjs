#!/usr/bin/env node
// SPDX-License-Identifier: AGPL-3.0-or-later
// The figures of docs/performance.md, each as a ratio to its reference in the same run: all of them,
// or those that are named. Medians of five, alternating. Run by script/bench.
import { machine } from './machine.mjs';
import { lists } from './rows_lists.mjs';
import { live } from './rows_live.mjs';
import { idle, start } from './rows_size.mjs';
import { busy, cached, uncached } from './rows_pages.mjs';
import { day, signUps64, signUps256 } from './rows_sign_ups.mjs';

const rows = {
  cached: ['page from the cache / nginx, static file, CPU time', 0.9, cached],
  uncached: ['page made anew / nginx, static file, CPU time', 0.2, uncached],
  busy: ['page while 64 sign up to it / the page alone, rate', 0.6, busy],
  'sign-ups-64': ['durable sign-ups, 64 clients / C loop, 100 a commit', 0.35, signUps64],
  'sign-ups-256': ['durable sign-ups, 256 clients / C loop, 100 a commit', 0.35, signUps256],
  'sign-ups-postgres': ['durable sign-ups on PostgreSQL / on SQLite', 0.25, null],
  'pages-postgres': ['pages made anew on PostgreSQL / on SQLite', 0.3, null],
  live: ['sign-ups beside 10,000 viewers / without, rate', 0.95, live],
  lists: ['10,000 campaigns, first and 400th page / 100 campaigns, CPU time', 0.9, lists],
  idle: ['40, 60 more, 100 more MB / memory: demo, 5,000 idle, 10,000 viewers', 1, idle],
  start: ['0.2 s / from start to first answer', 1, start],
  day: ['20 ms / p99 of pages, on a day of 100,000 visits and 20,000 sign-ups', 1, day],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !rows[name]);
if (unknown.length) {
  console.error(`There are: ${Object.keys(rows).join(' ')}`);
  process.exit(2);
}
console.log(machine());
for (const [name, [what, goal, measure]] of Object.entries(rows)) {
  if (asked.length && !asked.includes(name)) continue;
  if (!measure) {
    console.log(`${name.padEnd(18)} not measured  (${goal} wanted)  ${what}`);
    continue;
  }
  const found = await measure().catch((error) => ({ error }));
  if (found.error) {
    console.log(`${name.padEnd(18)} FAILED  ${what}\n${found.error.stack}`);
    process.exitCode = 1;
    continue;
  }
  const verdict = found.ratio >= goal ? 'reached' : 'missed';
  console.log(`${name.padEnd(18)} ${found.ratio.toFixed(2)}  ${verdict} (${goal} wanted)  ${what}`);
  console.log(`${''.padEnd(18)} ${found.note}`);
}
