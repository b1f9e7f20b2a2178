#!/usr/bin/env node
// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs the *.test.mjs of a folder with node:test against one program, and counts.
//
//   tools/node_tests.mjs PROGRAM FOLDER [WORD...]     only files whose name has one of the words
//
// Two files run at a time, for much of a test is waiting; but one where times are held to
// (ESSAIM_TEST_SCALE=full). The program writes what sanitizers find into a folder of its own: anything
// there fails the run, whatever the tests saw. Closes with `N passed, N failed`.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run } from 'node:test';
import { tap } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const [program, folder, ...words] = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort()
  .map((name) => join(folder, name));
const logs = mkdtempSync(join(tmpdir(), 'essaim-logs-'));
const log = join(logs, 'report');
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const concurrency = process.env.ESSAIM_TEST_SCALE === 'full' ? 1 : 2;

Object.assign(process.env, {
  ESSAIM_PROGRAM: resolve(program),
  ESSAIM_TEST_REPORTS: logs,
  ASAN_OPTIONS: `detect_leaks=1:strict_string_checks=1:log_path=${log}`,
  UBSAN_OPTIONS: `print_stacktrace=1:log_path=${log}`,
  TSAN_OPTIONS: `history_size=7:log_path=${log}:suppressions=${root}/tests/deep/thread-sanitizer.supp`,
});
let output = '';
for await (const piece of run({ files, concurrency }).compose(tap)) {
  output += piece;
  process.stdout.write(piece);
}
const count = (what) => Number(output.match(new RegExp(`^# ${what} (\\d+)$`, 'm'))?.[1] ?? 0);
let failed = count('fail') + count('cancelled');
for (const name of readdirSync(logs)) {
  console.log(readFileSync(join(logs, name), 'utf8'));
  failed++;
}
rmSync(logs, { recursive: true });
if (failed === 0 && count('pass') === 0) failed = 1;
console.log(`${count('pass')} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
