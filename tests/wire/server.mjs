// SPDX-License-Identifier: AGPL-3.0-or-later
// A real server for one test file: the program in ESSAIM_PROGRAM, on a free port of the loopback
// address, with a data folder of its own that goes away at the end. With ESSAIM_TEST_DATABASE (see
// tools/postgres.py) it serves from PostgreSQL instead: what is in the folder is moved there first.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const program = resolve(process.env.ESSAIM_PROGRAM ?? 'build/essaim');
// The tests set every option themselves.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('ESSAIM_')),
);
// A program to run it under, and its options: `valgrind -q`.
const wrapper = (process.env.ESSAIM_TEST_WRAPPER ?? '').split(' ').filter((word) => word);
const START_MS = 60_000;
const STOP_MS = 15_000;

// Valgrind knows nothing of the system calls by which `serve` confines itself.
if (wrapper.length) environment.ESSAIM_NO_SANDBOX = 'yes';

// Where tools/node_tests.mjs looks for what sanitizers find. They write there themselves, but gcc's
// for undefined behaviour: beside the one for addresses it knows standard error alone.
const reports = process.env.ESSAIM_TEST_REPORTS ?? tmpdir();

function reportFindings(pid, err) {
  if (/runtime error: |Sanitizer/.test(err)) writeFileSync(join(reports, `stderr.${pid}`), err);
}

// A failed test leaves its servers behind: they must neither outlive its file nor keep it running.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// Runs a command to its end: { status, out, err }.
export async function essaim(...words) {
  const [first, ...rest] = [...wrapper, program, ...words];
  const run = promisify(execFile)(first, rest, { env: environment, timeout: START_MS });
  const done = await run.catch((error) => error);
  reportFindings(run.child.pid, done.stderr);
  const status = done instanceof Error ? done.code : 0; // null: a signal ended it
  return { status, out: done.stdout, err: done.stderr };
}

// A port on which nobody listens, for a server that has to be told one.
export const freePort = () =>
  new Promise((accept) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => accept(port));
    });
  });

export function newFolder() {
  return mkdtempSync(join(tmpdir(), 'essaim-test-'));
}

// Each data folder's schema on ESSAIM_TEST_DATABASE.
const schemas = new Map();

// The options with which that folder is served from PostgreSQL; none where it is not.
async function databaseOptions(data) {
  const database = process.env.ESSAIM_TEST_DATABASE;
  if (!database) return [];
  if (!schemas.has(data)) {
    const schema = `wire_${process.pid}_${schemas.size}`;
    const url = `${database}&options=-csearch_path%3D${schema}`;
    await promisify(execFile)('psql', ['-q', database, '-c', `CREATE SCHEMA ${schema}`]);
    if (existsSync(join(data, 'essaim.db'))) {
      const done = await essaim('move', '--to', url, '--data', data);
      assert.equal(done.status, 0, done.err);
    }
    schemas.set(data, url);
  }
  return ['--database', schemas.get(data)];
}

// A data folder with the demonstration in it.
export async function demoData({ participants = 60, lang = 'fr' } = {}) {
  const data = newFolder();
  const words = ['--data', data, '--participants', String(participants), '--lang', lang];
  const done = await essaim('demo', ...words);
  assert.equal(done.status, 0, done.err);
  return data;
}

export class Server {
  // Starts `essaim serve`; resolves once it listens.
  static async start({
    data = newFolder(),
    options = ['--mailbox'],
    command = wrapper,
    program: path = program,
  } = {}) {
    const server = new Server();
    server.data = data;
    server.log = '';
    const serve = ['serve', '--listen', '127.0.0.1:0', '--data', data, ...options];
    const words = [...command, path, ...serve, ...(await databaseOptions(data))];
    server.process = spawn(words[0], words.slice(1), {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environment,
    });
    server.process.unref();
    server.process.stderr.unref();
    running.add(server.process);
    server.process.on('exit', () => running.delete(server.process));
    server.process.on('close', () => reportFindings(server.process.pid, server.log));
    server.ended = once(server.process, 'exit');
    server.process.stderr.setEncoding('utf8');
    server.process.stderr.on('data', (piece) => (server.log += piece));
    server.port = await server.#listening();
    server.url = `http://127.0.0.1:${server.port}`;
    return server;
  }

  #listening() {
    return new Promise((accept, refuse) => {
      const late = setTimeout(() => refuse(new Error(`does not listen:\n${this.log}`)), START_MS);
      this.process.stderr.on('data', () => {
        const port = this.log.match(/ event=listening .*?(?:port=|:)(\d+)/)?.[1];
        if (!port) return;
        clearTimeout(late);
        accept(Number(port));
      });
      const ended = (how) => {
        clearTimeout(late);
        refuse(new Error(`ended with ${how}:\n${this.log}`));
      };
      this.process.on('exit', ended);
      this.process.on('error', ended);
    });
  }

  // A request to a path: the answer of fetch, redirects not followed.
  fetch(path, options = {}) {
    return fetch(this.url + path, { redirect: 'manual', ...options });
  }

  async json(path, options = {}) {
    const headers = { accept: 'application/json', ...options.headers };
    const answer = await this.fetch(path, { ...options, headers });
    return { status: answer.status, body: await answer.json() };
  }

  post(path, fields, options = {}) {
    return this.fetch(path, { method: 'POST', body: new URLSearchParams(fields), ...options });
  }

  // Ends it by a signal; resolves to { status, signal } and asserts that it does not take for ever.
  async end(signal = 'SIGTERM') {
    this.process.kill(signal);
    const late = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    const [status, ended] = await this.ended;
    clearTimeout(late);
    return { status, signal: ended };
  }

  // What `after` calls: a server that stops badly fails its file.
  async stop() {
    const { status } = await this.end();
    rmSync(this.data, { recursive: true, force: true });
    assert.equal(status, 0, `the server stopped badly:\n${this.log.slice(-4000)}`);
  }
}
