#!/usr/bin/env node
// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs the *.test.mjs of a folder with node:test against one program, and counts.
//
//   tools/node_tests.mjs PROGRAM FOLDER [WORD...]     only files whose name has one of the words
//
// The program writes what sanitizers find into a folder of its own: anything there fails the run,
// whatever the tests saw. Closes with `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
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

const run = spawn(process.execPath, ['--test', ...files], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    ...process.env,
    ESSAIM_PROGRAM: resolve(program),
    ESSAIM_TEST_REPORTS: logs,
    ASAN_OPTIONS: `detect_leaks=1:strict_string_checks=1:log_path=${log}`,
    UBSAN_OPTIONS: `print_stacktrace=1:log_path=${log}`,
    TSAN_OPTIONS: `history_size=7:log_path=${log}:suppressions=${root}/tests/deep/thread-sanitizer.supp`,
  },
});
let output = '';
run.stdout.on('data', (piece) => {
  output += piece;
  process.stdout.write(piece);
});
run.on('close', (status) => {
  const count = (what) => Number(output.match(new RegExp(`^[#ℹ] ${what} (\\d+)$`, 'm'))?.[1] ?? 0);
  let failed = count('fail') + count('cancelled');
  for (const name of readdirSync(logs)) {
    console.log(readFileSync(join(logs, name), 'utf8'));
    failed++;
  }
  rmSync(logs, { recursive: true });
  if (failed === 0 && (status !== 0 || count('pass') === 0)) failed = 1;
  console.log(`${count('pass')} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
});
