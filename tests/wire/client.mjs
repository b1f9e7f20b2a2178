// SPDX-License-Identifier: AGPL-3.0-or-later
// What the tests of the wire do to a server: make a campaign for it, sign up to it over many
// connections at once, read the mails, and speak to its socket byte by byte.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { essaim, newFolder, program } from './server.mjs';

// script/deep asks for the whole sizes of the issues and holds their times; else a size is a tenth,
// and a time is only a ceiling of five times as much: other things run on the machine, and
// sanitizers slow the program down.
export const full = process.env.ESSAIM_TEST_SCALE === 'full';
export const ceiling = (ms) => (full ? ms : 5 * ms);

const WAIT_MS = 20_000;
const TRIES_MAX = 50;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Asks again until `look` gives something; fails after `ms`: long, where no time is promised.
export async function until(what, look, ms = WAIT_MS) {
  for (const end = Date.now() + ms; ; await pause(20)) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `not within ${ms} ms: ${what}`);
  }
}

// The first line that a program started beside the tests prints, whole however it is written.
export async function firstLine(child) {
  const lines = createInterface({ input: child.stdout });
  const ended = once(lines, 'close').then(() => assert.fail(`${child.spawnfile} printed no line`));
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  return line;
}

// Built with the tests alone: beside the program, or in the sanitizer build.
function maker() {
  const places = [dirname(program), 'build-san'].map((folder) => join(folder, 'make_campaign'));
  const found = places.find((path) => existsSync(path));
  assert.ok(found, `make_campaign is in none of ${places.join(', ')}: run script/test first`);
  return found;
}

// A folder with one open campaign: { slug, capacity, minimum, party_max, sessions, clock }. Served
// by nobody meanwhile.
export async function campaignData({ data = newFolder(), slug = 'haie', ...options } = {}) {
  const words = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  await promisify(execFile)(maker(), [data, slug, ...words]);
  return data;
}

// The connections of a crowd: all kept open, and no more than these.
export function newCrowd(connections = 64) {
  return new Agent({ keepAlive: true, maxSockets: connections });
}

// One request, with the fields of a form or with `json` as its body; resolves to { status, headers, text,
// body }, `body` being what its JSON holds.
export function ask(server, path, { crowd, method = 'GET', fields, json, headers } = {}) {
  const sent = json ?? (fields && new URLSearchParams(fields).toString());
  const form = sent !== undefined && {
    'content-type': json === undefined ? 'application/x-www-form-urlencoded' : 'application/json',
    'content-length': Buffer.byteLength(sent),
  };
  return new Promise((accept, refuse) => {
    const rq = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method: sent === undefined ? method : 'POST',
        agent: crowd,
        headers: { accept: 'application/json', ...form, ...headers },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece) => (text += piece));
        answer.on('error', refuse);
        answer.on('end', () => {
          const isJson = (answer.headers['content-type'] ?? '').includes('json');
          const { statusCode: status, headers: got } = answer;
          accept({ status, headers: got, text, body: isJson ? JSON.parse(text) : undefined });
        });
      },
    );
    rq.on('error', refuse);
    rq.end(sent);
  });
}

// The same as people do it: told that the server has no time just now, they come again. A machine that
// does ten things at once can keep it from running a request in its 250 ms.
export async function askPatiently(server, path, options) {
  for (let tries = 1; ; tries++) {
    const answer = await ask(server, path, options);
    if (answer.status !== 503 || tries === TRIES_MAX) return answer;
    await pause(100);
  }
}

const signUpOptions = (fields, crowd) => ({
  crowd,
  fields: { first_name: 'Anne', party: 1, ...fields },
});

export const signUp = (server, slug, fields, crowd) =>
  askPatiently(server, `/campaigns/${slug}/sign-ups`, signUpOptions(fields, crowd));

export const signUpOnce = (server, slug, fields, crowd) =>
  ask(server, `/campaigns/${slug}/sign-ups`, signUpOptions(fields, crowd));

export async function campaign(server, slug = 'haie') {
  const { status, text, body } = await ask(server, `/campaigns/${slug}`);
  assert.equal(status, 200, text);
  return body;
}

// The mails to one address, the newest first.
export async function mailsTo(server, address, crowd) {
  const path = `/mailbox?to=${encodeURIComponent(address)}`;
  const { status, text, body } = await ask(server, path, { crowd });
  assert.equal(status, 200, text);
  return body.items;
}

// The path of one's own sign-up, from the newest mail to that address that has it; undefined: none.
export async function ownPath(server, address, crowd) {
  for (const mail of await mailsTo(server, address, crowd))
    for (const link of mail.links)
      if (/\/sign-ups\/\w+$/.test(link)) return new URL(link).pathname;
}

// Signs up, and confirms from the mail; resolves to the path of one's own sign-up.
export async function takePart(server, slug, fields, crowd) {
  const { status, text } = await signUp(server, slug, fields, crowd);
  assert.equal(status, 201, text);
  const own = await ownPath(server, fields.email, crowd);
  const confirmed = await askPatiently(server, `${own}/confirm`, { crowd, fields: {} });
  assert.equal(confirmed.status, 200, confirmed.text);
  assert.equal(confirmed.body.state, 'confirmed');
  return own;
}

// What `after` calls where a test ends its server itself: whatever is left of it goes.
export async function discard(server) {
  if (!server) return;
  if (server.process.exitCode === null && server.process.signalCode === null)
    await server.end('SIGKILL');
  rmSync(server.data, { recursive: true, force: true });
}

// `essaim check` finds nothing wrong, whether somebody serves the folder or not.
export async function assertSound(data) {
  const { status, out, err } = await essaim('check', '--data', data);
  assert.deepEqual({ status, out, err }, { status: 0, out: 'All is well.\n', err: '' });
}

// Runs one statement on the file of a folder, as no program of ours would.
export function editDatabase(data, sql) {
  execFileSync('python3', [
    '-c',
    'import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2])',
    join(data, 'essaim.db'),
    sql,
  ]);
}

// Lets `workers` at a time work on the items, each worker one after the other.
export async function each(items, workers, work) {
  const waiting = items[Symbol.iterator]();
  const one = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: workers }, one));
}

// Sends bytes as they are, and gathers what comes until the server closes or `ms` have passed:
// { text, closed, ms }. `trickle` is sent byte by byte, one each `every` ms, for as long as it lasts.
export function raw(server, bytes, { ms = WAIT_MS, trickle = '', every = 900 } = {}) {
  return new Promise((accept) => {
    const began = Date.now();
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    let sent = 0;
    const timer = trickle && setInterval(() => socket.write(trickle[sent++ % trickle.length]), every);
    const end = (closed) => {
      clearInterval(timer);
      clearTimeout(late);
      socket.destroy();
      accept({ text, closed, ms: Date.now() - began });
    };
    const late = setTimeout(() => end(false), ms);
    socket.setEncoding('latin1');
    socket.on('data', (piece) => (text += piece));
    socket.on('end', () => end(true));
    socket.on('error', () => end(true));
    socket.write(bytes);
  });
}
