// SPDX-License-Identifier: AGPL-3.0-or-later
// Two processes on one PostgreSQL database, behind nginx: people sign up and read through it, one process
// is killed under load. Nothing that was acknowledged is lost, no page and no open count is late by more
// than a second, and mails and jobs are done once.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import {
  ask,
  campaign,
  campaignData,
  each,
  full,
  newCrowd,
  ownPath,
  pause,
  until,
} from '../wire/client.mjs';
import { startPostgres } from '../wire/postgres.mjs';
import { Server, essaim, freePort, newFolder } from '../wire/server.mjs';
import { Sink } from '../wire/smtp_sink.mjs';
import { startNginx } from './nginx.mjs';

const LOAD_MS = full ? 20_000 : 8_000;
const QUIET_MS = 3_000;
const WRITERS = 8;
const READERS = 8;
const LATE_MS = full ? 1_000 : 1_900; // a page ends by itself after two seconds: beyond, nothing is proven
const RETRY_MS = 50;
const CHANNEL = `'essaim_' || md5(current_schema())`;
const run = promisify(execFile);

let postgres, database, folder, nginx, proxy;
let datas; // of the two processes

before(async () => {
  postgres = await startPostgres();
  database = postgres.database;
  folder = newFolder();
  datas = [await campaignData({ minimum: 1_000_000, sessions: 1, capacity: 1_000_000, database }), newFolder()];
  proxy = { port: await freePort() };
});

after(async () => {
  nginx?.kill();
  await postgres.stop();
  [folder, ...datas].forEach((path) => rmSync(path, { recursive: true, force: true }));
});

const start = (i, options = ['--mailbox']) =>
  Server.start({
    data: datas[i],
    options: ['--database', database, '--proxy', '127.0.0.1', '--base-url', 'http://127.0.0.1:8080', ...options],
  });

// docs/examples/nginx.conf without its certificate, before these processes, as docs/operate.md says.
async function startProxy(servers) {
  const example = readFileSync('docs/examples/nginx.conf', 'utf8');
  const lines = example.slice(example.lastIndexOf('server {\n')).split('\n');
  const site = lines
    .filter((line) => !/ssl_|Strict-Transport|listen \[::\]/.test(line))
    .join('\n')
    .replace('listen 443 ssl http2;', `listen 127.0.0.1:${proxy.port};`);
  const members = servers.map(({ port }) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=2s;`);
  nginx = startNginx(folder, `upstream essaim { ${members.join(' ')} keepalive 64; }\n${site}`);
  await until('nginx answers', () => ask(proxy, '/').then(() => true, () => false));
}

// As people do it: who hears that the server has no time, or that it is gone, comes again.
async function askAgain(server, path, options, counts) {
  for (;;) {
    const answer = await ask(server, path, options);
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    if (![502, 503, 504].includes(answer.status)) return answer;
    await pause(RETRY_MS);
  }
}

// How many are in, as the answers told, and since when: what is shown later shows no less.
class Told {
  people = 0;
  times = [0]; // times[n]: when the n-th was acknowledged

  begin(people) {
    this.people = people;
    this.times = Array(people + 1).fill(0);
  }

  add() {
    this.times[++this.people] = performance.now();
  }

  // How late somebody is who shows so many at that time.
  late(shown, at) {
    return shown >= this.people ? 0 : Math.max(0, at - this.times[shown + 1]);
  }
}

// A page that is open at one process; how late its count was at worst.
function watch(server, told) {
  const viewer = { people: undefined, latest: 0, lost: false };
  const get = { host: '127.0.0.1', port: server.port, path: '/campaigns/haie/live' };
  viewer.request = http.get(get, (stream) => {
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (piece) => {
      text += piece;
      for (const [, data] of text.matchAll(/^event: progress\ndata: (.*)\n\n/gm))
        viewer.people = JSON.parse(data).people;
      text = text.slice(text.lastIndexOf('\n\n') + 2);
    });
    stream.on('error', () => (viewer.lost = true));
    stream.on('end', () => (viewer.lost = true));
  });
  viewer.request.on('error', () => (viewer.lost = true));
  viewer.timer = setInterval(() => {
    if (viewer.lost || viewer.people === undefined) return;
    viewer.latest = Math.max(viewer.latest, told.late(viewer.people, performance.now()));
  }, 20);
  viewer.close = () => {
    clearInterval(viewer.timer);
    viewer.request.destroy();
  };
  return viewer;
}

// Signs up and confirms, over and over. Mails are read where they are shown, which is
// to this machine alone.
async function write(writer, load) {
  for (let i = 0; performance.now() < load.ends; i++) {
    const email = `${load.name}${writer}-${i}@example.org`;
    const fields = { first_name: 'Anne', email, party: 1 };
    const options = { crowd: load.crowd };
    const signed = await askAgain(load.to, '/campaigns/haie/sign-ups', { ...options, fields }, load.counts);
    assert.equal(signed.status, 201, signed.text);
    const own = await ownPath(load.servers[1], email);
    assert.ok(own, `${email} was acknowledged and has no mail`);
    const confirmed = await askAgain(load.to, `${own}/confirm`, { ...options, fields: {} }, load.counts);
    assert.equal(confirmed.status, 200, confirmed.text);
    load.told.add();
    load.own.push(own);
  }
}

// Reads the page, over and over.
async function read(reader, load) {
  const from = load.from[reader % load.from.length];
  while (performance.now() < load.ends) {
    const asked = performance.now();
    const known = load.told.people;
    const { status, text, body } = await ask(from, '/campaigns/haie', { crowd: load.crowd });
    load.counts[status] = (load.counts[status] ?? 0) + 1;
    if ([502, 503, 504].includes(status)) continue;
    assert.equal(status, 200, text);
    load.pages++;
    if (body.progress.people < known)
      load.latest = Math.max(load.latest, asked - load.told.times[body.progress.people + 1]);
  }
}

// What goes on for a while: who writes where, who reads where, and what comes of it.
function newLoad(what) {
  const counted = { counts: {}, own: [], pages: 0, latest: 0 };
  return { told: new Told(), crowd: newCrowd(64), ...counted, ...what };
}

async function carry(load, ms) {
  load.ends = performance.now() + ms;
  await Promise.all([
    ...Array.from({ length: WRITERS }, (_, i) => write(i, load)),
    ...Array.from({ length: READERS }, (_, i) => read(i, load)),
  ]);
  load.crowd.destroy();
}

const discardProcess = (server) => server.process.kill('SIGKILL');
const cacheHits = async (server) =>
  Number((await ask(server, '/metrics')).text.match(/requests_total\{answer="hit"\} (\d+)/)[1]);

test('what one commits the other shows, though nobody writes there', async (t) => {
  const servers = [await start(0), await start(1)];
  t.after(() => servers.forEach(discardProcess));
  const load = newLoad({ name: 'o', servers, to: servers[0], from: [servers[1]] });
  const viewer = watch(servers[1], load.told);
  t.after(() => viewer.close());
  await until('the page is open', () => viewer.people !== undefined);
  await carry(load, QUIET_MS);
  const latest = Math.round(Math.max(load.latest, viewer.latest));
  t.diagnostic(`${load.told.people} people, ${load.pages} pages, late by ${latest} ms at most`);
  assert.ok(load.told.people > 10, 'hardly anything took place');
  assert.ok(latest < LATE_MS, `late by ${latest} ms`);
  await until('the open page has it all', () => viewer.people === load.told.people, LATE_MS);
  for (const server of servers) assert.equal((await server.end()).status, 0);
});

test('one is killed under load: nothing is lost, nobody sees what is old', async (t) => {
  const servers = [await start(0), await start(1)];
  t.after(() => servers.forEach(discardProcess));
  await startProxy(servers);
  const load = newLoad({ name: 'k', servers, to: proxy, from: [proxy, servers[1]] });
  const { told } = load;
  told.begin((await campaign(servers[1])).progress.people);
  const viewers = servers.map((server) => watch(server, told));
  t.after(() => viewers.forEach((viewer) => viewer.close()));
  const killing = pause(LOAD_MS / 2).then(async () => {
    const before = { ...load.counts };
    await servers[0].end('SIGKILL');
    return before;
  });
  await carry(load, LOAD_MS);
  const before = await killing;
  t.diagnostic(`${told.people} people, ${load.pages} pages, a page late by ${Math.round(load.latest)} ms at most`);
  t.diagnostic(`open counts late by ${viewers.map(({ latest }) => Math.round(latest))} ms at most`);
  t.diagnostic(`answers: ${JSON.stringify(load.counts)}; before the kill: ${JSON.stringify(before)}`);
  assert.ok(told.people > 20 && load.pages > 20, 'hardly anything took place');
  assert.ok(load.latest < LATE_MS, `a page was late by ${load.latest} ms`);
  viewers.forEach(({ latest }) => assert.ok(latest < LATE_MS, `an open count was late by ${latest} ms`));
  assert.ok((await cacheHits(servers[1])) > 0, 'nothing came from the cache');
  assert.ok(!before[502] && !before[504], 'the proxy found nobody, though both were there');
  assert.ok(viewers[0].lost && !viewers[1].lost);

  assert.equal((await campaign(servers[1])).progress.people, told.people);
  await each(load.own, 8, async (own) => {
    assert.equal((await ask(servers[1], own)).body.state, 'confirmed');
  });
  assert.equal((await servers[1].end()).status, 0);
  nginx.kill();
  const { status, out, err } = await essaim('check', '--data', datas[1], '--database', database);
  assert.deepEqual({ status, out, err }, { status: 0, out: 'All is well.\n', err: '' });
});

test('who is signed in at one is signed in at the other, and signed out at both', async (t) => {
  const servers = [await start(0), await start(1)];
  t.after(() => Promise.all(servers.map((server) => server.end())));
  const anne = 'anne@example.org';
  const admin = (...words) => essaim('admin', ...words, '--data', datas[0], '--database', database);
  assert.equal((await admin('grant', anne)).status, 0);
  const link = new URL((await admin('link', anne)).out.trim());
  const { headers } = await ask(servers[0], link.pathname, { fields: {} });
  const cookie = headers['set-cookie'].map((line) => line.split(';')[0]).join('; ');
  for (const server of servers) {
    const { status, body } = await ask(server, '/account', { headers: { cookie } });
    assert.equal(status, 200);
    assert.equal(body.email, anne);
  }
  assert.equal((await admin('suspend', anne)).status, 0);
  for (const server of servers)
    assert.equal((await ask(server, '/account', { headers: { cookie } })).status, 401);
  assert.equal((await admin('lift', anne)).status, 0);
});

test('one sends mails at a time; when it dies the other goes on, and one mail at most goes twice', async (t) => {
  const MAILS = 60;
  const sink = await Sink.start();
  t.after(() => sink.stop());
  const maker = await campaignData({ slug: 'lettre', data: newFolder(), mails: MAILS, database });
  rmSync(maker, { recursive: true });
  const smtp = ['--smtp', `smtp://127.0.0.1:${sink.port}`, '--smtp-rate', '1200', '--smtp-timeout', '2'];
  const first = await start(0, smtp);
  t.after(() => discardProcess(first));
  await until('the first sends', () => sink.mails.length >= 5);
  const second = await start(1, smtp);
  t.after(() => discardProcess(second));
  await until('the first sends on', () => sink.mails.length >= 15);
  assert.equal(sink.connections, 1, 'the second keeps still');
  await first.end('SIGKILL');
  const before = sink.mails.length;
  await until('the second sends the others', () => new Set(sink.mails.map(({ id }) => id)).size >= MAILS, 90_000);
  await pause(500);
  const ids = sink.mails.map(({ id }) => id);
  t.diagnostic(`${before} before the kill, ${ids.length} mails in all, of ${new Set(ids).size} ids`);
  assert.ok(before < MAILS, 'the first had sent them all');
  assert.ok(ids.length - new Set(ids).size <= 1, 'more than the one in hand went twice');
});

test('a process that meets a newer schema answers what it accepted, and ends', async (t) => {
  const servers = [await start(0), await start(1)];
  t.after(() => servers.forEach(discardProcess));
  const future = `INSERT INTO migration (feature, number, name, sha256, applied_at) VALUES ('future', 1, '001_future.sql', '', 0)`;
  const began = performance.now();
  await run('psql', [database, '-qc', `BEGIN; ${future}; SELECT pg_notify(${CHANNEL}, 'migrated'); COMMIT`]);
  for (const server of servers) {
    const [status] = await server.ended;
    assert.equal(status, 75, server.log);
    assert.match(server.log, /event=database_is_newer feature=future/);
  }
  t.diagnostic(`both ended after ${Math.round(performance.now() - began)} ms`);
  const again = await essaim('serve', '--data', datas[0], '--database', database, '--listen', '127.0.0.1:0');
  assert.equal(again.status, 1);
  assert.match(again.err, /event=database_is_newer/);
  await run('psql', [database, '-qc', `DELETE FROM migration WHERE feature = 'future'`]);
});
