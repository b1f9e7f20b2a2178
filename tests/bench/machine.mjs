// SPDX-License-Identifier: AGPL-3.0-or-later
// What the rows of the bench measure with: servers on CPUs of their own, wrk, CPU time, medians.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { demoData, freePort, newFolder, Server } from '../wire/server.mjs';

export const SERVER_CPU = '0';
export const CLIENT_CPU = '1';
export const ALL_CPUS = 'all';
export const SECONDS = Number(process.env.ESSAIM_BENCH_SECONDS ?? 3); // of one measurement
export const ROUNDS = 5;

const run = promisify(execFile);
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// The value below which that part of them lies.
export function percentile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

export const median = (values) => percentile(values, 0.5);

export const pinned = cpus().length > 1;
const on = (cpu) => (pinned && cpu !== ALL_CPUS ? ['taskset', '-c', cpu] : []);

// Starts the program on that CPU, or on ALL_CPUS. `program`: another one than it.
export function serve(data, { cpu = SERVER_CPU, options = [], program } = {}) {
  return Server.start({ data, command: on(cpu), options: ['--mailbox', ...options], program });
}

const DEMO_PARTICIPANTS = 5000;

// A data folder with the demonstration in it: it is made once, and copied for each row.
export async function benchDemo() {
  const made = join(dirname(tmpdir()), 'demonstration');
  if (!existsSync(made)) renameSync(await demoData({ participants: DEMO_PARTICIPANTS }), made);
  const data = newFolder();
  cpSync(made, data, { recursive: true });
  return data;
}

// Microseconds that a process has computed so far, all its threads together.
export function cpuMicros(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

// Megabytes that are the process's own share (PSS): { all, own }. `own` is without pages of files,
// the database among them, which the kernel takes back when it needs them.
export function memoryMb(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name) => Number(text.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]) / 1024;
  return { all: mb('Pss'), own: mb('Pss_Anon') };
}

// One wrk on that CPU: { requests, rate, p99, bad }; `bad` ones are not counted in the rate.
export async function wrk(url, options = {}) {
  const { connections = 64, cpu = CLIENT_CPU, seconds = SECONDS, script, words = [] } = options;
  const [command, ...rest] = [...on(cpu), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`];
  rest.push('--latency', '-H', 'Accept-Language: fr', ...(script ? ['-s', script] : []), url);
  if (words.length) rest.push('--', ...words);
  const { stdout } = await run(command, rest, { timeout: (seconds + 30) * 1000 });
  const [, requests, took] = stdout.match(/(\d+) requests in ([\d.]+)s/);
  const [, p99, unit] = stdout.match(/99%\s+([\d.]+)(us|ms|s)/);
  const bad = Number(stdout.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0);
  const ms = Number(p99) * { us: 0.001, ms: 1, s: 1000 }[unit];
  const errors = stdout.match(/Socket errors: connect (\d+), read (\d+), write (\d+)/)?.slice(1);
  assert.ok(!errors || errors.every((count) => count === '0'), stdout);
  return { requests: Number(requests), rate: (Number(requests) - bad) / Number(took), p99: ms, bad };
}

// The same, and what the server computed for one request: { …, us }.
export async function wrkCosting(pid, url, options) {
  const before = cpuMicros(pid);
  const done = await wrk(url, options);
  return { ...done, us: (cpuMicros(pid) - before) / done.requests };
}

// The measurements one after the other, that ROUNDS times, so that a busy machine is busy for all of
// them; resolves to a list of results for each.
export async function alternate(...measurements) {
  const results = measurements.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, measure] of measurements.entries()) results[i].push(await measure());
  return results;
}

export const medianOf = (results, name) => median(results.map((result) => result[name]));

// nginx with one worker and one file: { pid, url, stop }.
export async function nginx(body) {
  const folder = newFolder();
  const port = await freePort();
  mkdirSync(join(folder, 'site'));
  writeFileSync(join(folder, 'site', 'page.html'), body);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const lines = temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/errors;
     ${process.getuid() === 0 ? 'user root;' : ''}
     events { worker_connections 4096; }
     http { ${lines} types { text/html html; } access_log off; sendfile on; tcp_nopush on;
       keepalive_requests 1000000000; open_file_cache max=100; open_file_cache_valid 600s;
       server { listen 127.0.0.1:${port}; root ${folder}/site; } }`,
  );
  const words = [...on(SERVER_CPU), 'nginx', '-p', folder, '-c', join(folder, 'nginx.conf')];
  const child = spawn(words[0], words.slice(1), { stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGTERM'));
  const url = `http://127.0.0.1:${port}/page.html`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) break;
    assert.ok(tries < 100, 'nginx does not answer');
    await pause(50);
  }
  const of = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const pid = of.find((name) => parentOf(name) === child.pid);
  return { pid, url, stop: () => child.kill('SIGTERM') };
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}

// One line about the machine, for the report.
export function machine() {
  const [line] = execFileSync('uname', ['-srm'], { encoding: 'utf8' }).split('\n');
  return `${cpus().length} × ${cpus()[0].model}, ${line}, load ${load()}; ${SECONDS} s for each measurement, of which there are ${ROUNDS}`;
}

// How many processes wanted to compute in the last minute.
export const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
