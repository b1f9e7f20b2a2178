// SPDX-License-Identifier: AGPL-3.0-or-later
// A PostgreSQL server that keeps what it commits, and how often a program waits for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { firstLine } from '../wire/client.mjs';

const TOOL = new URL('../../tools/postgres.py', import.meta.url).pathname;

// Starts one: { database, stop }. It ends with this process as well, since its input does; and a little
// later than it, so that its folder is not in the row's, which is removed then.
export async function postgres() {
  const words = ['--durable', 'sh', '-c', 'echo $ESSAIM_TEST_DATABASE; cat'];
  const env = { ...process.env, TMPDIR: dirname(dirname(tmpdir())) };
  const child = spawn(TOOL, words, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const ended = once(child, 'exit');
  const database = await firstLine(child);
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  return { database, stop };
}

// How often a thread sent something to a socket of this machine's own and then read an answer.
function tripsIn(trace) {
  let trips = 0;
  let sent = false;
  for (const line of trace.split('\n')) {
    if (/^sendto\(\d+<UNIX/.test(line)) sent = true;
    else if (sent && /^recvfrom\(\d+<UNIX.* = [1-9]\d*$/.test(line)) {
      trips++;
      sent = false;
    }
  }
  return trips;
}

// The round trips to PostgreSQL of that process while `act` runs, seen by strace; NaN where nobody
// can be traced.
export async function roundTrips(pid, act) {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-trace-'));
  const words = ['-ff', '-yy', '-s', '0', '-e', 'trace=sendto,recvfrom', '-o', join(folder, 'of')];
  const stdio = ['ignore', 'ignore', 'pipe'];
  const tracer = spawn('strace', [...words, '-p', String(pid)], { stdio });
  const ended = once(tracer, 'exit');
  tracer.stderr.setEncoding('utf8');
  const [said] = await Promise.race([once(tracer.stderr, 'data'), ended]);
  if (!/ attached/.test(said)) return NaN;
  await act();
  tracer.kill('SIGINT');
  await ended;
  const traces = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return traces.reduce((sum, trace) => sum + tripsIn(trace), 0);
}
