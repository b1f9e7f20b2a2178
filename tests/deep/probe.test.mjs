// SPDX-License-Identifier: AGPL-3.0-or-later
// wapiti and sqlmap look for holes: signed out, signed in as who may do all, and in a site with planted
// ones. In Essaim they find none, in the other one each; they were not blind: most of the program's
// pages and forms answered them.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ask, firstLine } from '../wire/client.mjs';
import { operationFor, operationsOf } from '../wire/openapi.mjs';
import { demoData, newFolder, Server } from '../wire/server.mjs';
import { startRelay } from './probe/relay.mjs';

const MODULES = ['crlf', 'exec', 'file', 'permanentxss', 'redirect', 'sql', 'xss'];
const SCAN_SECONDS = 40;
const ATTACK_SECONDS = 12; // for each module
const WAPITI_MS = 1000 * (SCAN_SECONDS + MODULES.length * ATTACK_SECONDS + 60);
const SQLMAP_SECONDS = 90;
// What would end the login, or take the administrator's role.
const KEEP_OFF = [/^\/sign-out/, /^\/account\/logins/, /^\/administration\/people\/./, /^\/my-data\/.*erase/];
// Operations that have answered the scanners with less than 400, at least.
const SEEN_MIN = { out: 12, in: 40 };

let folder;
before(() => (folder = newFolder()));
after(() => rmSync(folder, { recursive: true, force: true }));

// Debian's scanners, which neither ask the network nor draw on a terminal.
const env = { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'dumb', NO_PROXY: '*', LANG: 'C.UTF-8' };
async function run(program, words, ms) {
  const options = { env, timeout: ms, maxBuffer: 1 << 26 };
  const done = await promisify(execFile)(program, words, options).catch((error) => error);
  assert.ok(!done.killed, `${program} did not end in ${ms} ms:\n${done.stdout?.slice(-2000)}`);
  return `${done.stdout}${done.stderr}`;
}

// What wapiti found: ["name path parameter"].
async function wapiti(url, name) {
  const report = join(folder, `${name}.json`);
  const words = [
    ...['-u', `${url}/`, '-m', MODULES.join(','), '-f', 'json', '-o', report, '-v', '0'],
    ...['--max-scan-time', SCAN_SECONDS, '--max-attack-time', ATTACK_SECONDS, '--no-bugreport'],
    ...['--flush-session', '--store-session', folder, '--store-config', folder],
  ];
  const told = await run('wapiti', words.map(String), WAPITI_MS);
  assert.doesNotMatch(told, /Traceback/, told.slice(-3000));
  const { vulnerabilities, anomalies } = JSON.parse(readFileSync(report, 'utf8'));
  return [vulnerabilities, anomalies].flatMap((kinds) =>
    Object.entries(kinds).flatMap(([kind, all]) =>
      all.map(({ method, path, parameter }) => `${kind}: ${method} ${path} ${parameter}`),
    ),
  );
}

// What sqlmap found: the lines that say so; and how many parameters it asked.
async function sqlmap(url, name) {
  const words = ['-u', `${url}/`, '--batch', '--crawl=2', '--forms', '--smart', '--level=1'];
  const more = ['--threads=2', '--flush-session', '--disable-coloring', '--output-dir', join(folder, name)];
  const told = await run('sqlmap', [...words, ...more], 1000 * SQLMAP_SECONDS);
  const lines = told.split('\n');
  return {
    found: lines.filter((line) => /^Parameter: |might be injectable|is vulnerable/.test(line)),
    asked: lines.filter((line) => /heuristic \(basic\) test shows/.test(line)).length,
  };
}

test('the scanners find what is planted', async (t) => {
  const control = spawn('tests/deep/probe/control.py', { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => control.kill());
  const url = `http://127.0.0.1:${await firstLine(control)}`;
  const found = (await wapiti(url, 'control')).join('\n');
  for (const fault of [
    /^Path Traversal: GET \/file name$/m,
    /^Open Redirect: GET \/go next$/m,
    /^Cross Site Scripting: GET \/search words$/m,
    /^(SQL Injection|Internal Server Error): GET \/item id$/m,
  ])
    assert.match(found, fault);
  const lines = (await sqlmap(url, 'control')).found;
  assert.ok(lines.includes('Parameter: id (GET)'), lines.join('\n'));
});

// Becomes the administrator of the install: the cookie.
async function signedIn(server) {
  const link = readFileSync(join(server.data, 'first-link'), 'utf8').trim();
  const fields = { name: 'Anne', email: 'anne@example.org' };
  const headers = { 'sec-fetch-site': 'same-origin' };
  const { status, headers: got, text } = await ask(server, new URL(link).pathname, { fields, headers });
  assert.ok(status < 400, text);
  return got['set-cookie'].map((one) => one.split(';')[0]).join('; ');
}

for (const who of ['out', 'in'])
  test(`the scanners find nothing in Essaim, signed ${who}`, async (t) => {
    let server;
    let cookie;
    const data = await demoData();
    if (who === 'in') {
      server = await Server.start({ data, options: ['--mailbox'] });
      cookie = await signedIn(server);
      await server.end();
    }
    const relay = await startRelay({ target: () => server, cookie, keepOff: KEEP_OFF });
    t.after(() => relay.close());
    server = await Server.start({ data, options: ['--proxy', '127.0.0.1', '--base-url', relay.url] });
    t.after(() => server.stop());

    const found = await wapiti(relay.url, who);
    const sql = await sqlmap(relay.url, who);
    const operations = operationsOf((await ask(server, '/api/openapi.json')).body);
    const seen = new Set([...relay.paths].map((one) => operationFor(operations, ...one.split(' '))?.operationId));
    t.diagnostic(`answers: ${JSON.stringify(relay.answers)}; ${seen.size} operations; ${sql.asked} parameters`);
    assert.deepEqual([...found, ...sql.found, ...relay.faults], []);
    assert.ok(seen.size >= SEEN_MIN[who], [...seen].join(' '));
    if (cookie) assert.equal((await ask(server, '/account', { headers: { cookie } })).status, 200);
  });
