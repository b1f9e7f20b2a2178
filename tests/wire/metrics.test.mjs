// SPDX-License-Identifier: AGPL-3.0-or-later
// GET /metrics: its format, who gets it, and that its figures move with what happens. And what
// becomes of a request that the database fails: its page names the line of the log.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { campaignData, firstLine, signUp, until } from './client.mjs';
import { readMetrics, valueOf } from './prometheus.mjs';
import { Server } from './server.mjs';

let server;
before(async () => {
  server = await Server.start({ data: await campaignData({ sessions: 1 }) });
});
after(() => server.stop());

async function measure() {
  const answer = await server.fetch('/metrics');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  return readMetrics(await answer.text());
}

// How much each of these grew while `act` ran.
async function growth(act, ...wanted) {
  const earlier = await measure();
  await act();
  const later = await measure();
  return wanted.map(([name, labels]) => valueOf(later, name, labels) - valueOf(earlier, name, labels));
}

const requests = (route, status, method = 'GET') => ['essaim_http_requests_total', { route, status, method }];

test('the reader of the format sees what is wrong with one', () => {
  const head = '# HELP a_total A.\n# TYPE a_total counter\n';
  assert.equal(valueOf(readMetrics(`${head}a_total{x="\\"y\\n"} 2\n`), 'a_total', { x: '"y\n' }), 2);
  const wrong = [
    `${head}a_total 1`, // no end
    `${head}a_total one\n`,
    `${head}a_total -1\n`,
    `${head}a_total 1\na_total 1\n`,
    `${head}a_total{x="1} 1\n`,
    `${head}a_total{x="1",x="2"} 1\n`,
    `${head}b_total 1\n`,
    `${head}${head}a_total 1\n`,
    'a_total 1\n',
    '# HELP a A.\n# TYPE a counter\na 1\n',
    '# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\n',
    '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n',
  ];
  for (const text of wrong) assert.throws(() => readMetrics(text), undefined, text);
});

test('what is measured is all there', async () => {
  const families = await measure();
  const names = [
    'essaim_http_requests_total',
    'essaim_http_request_duration_seconds',
    'essaim_faults_total',
    'essaim_writer_batch_requests',
    'essaim_writer_commit_duration_seconds',
    'essaim_writer_queue_length',
    'essaim_writer_well',
    'essaim_jobs_due',
    'essaim_jobs_parked',
    'essaim_mails_waiting',
    'essaim_mails_handed_over_total',
    'essaim_mail_server_away',
    'essaim_live_viewers',
    'process_cpu_seconds_total',
    'process_page_faults_total',
  ];
  for (const name of names) assert.ok(name in families, name);
  assert.equal(valueOf(families, 'essaim_writer_well'), 1);
});

test('requests are counted by route and status, never by what is asked for', async () => {
  const ask = async () => {
    for (let i = 0; i < 3; i++) await server.fetch('/campaigns/haie');
    await server.fetch('/campaigns/nowhere');
    await server.fetch('/no/such/page?secret=1');
  };
  const grown = await growth(
    ask,
    requests('/campaigns/:slug', '2xx'),
    requests('/campaigns/:slug', '4xx'),
    requests('', '4xx', ''),
    ['essaim_http_request_duration_seconds_count', { kind: 'read' }],
  );
  assert.deepEqual(grown, [3, 1, 1, 6]); // and the first of the two that measure
  const text = await (await server.fetch('/metrics')).text();
  assert.doesNotMatch(text, /secret|nowhere|haie/);
});

test('a sign-up is a write, in a batch, with a commit and a mail', async () => {
  const grown = await growth(
    () => signUp(server, 'haie', { email: 'anne@example.org' }),
    requests('/campaigns/:slug/sign-ups', '2xx', 'POST'),
    ['essaim_http_request_duration_seconds_count', { kind: 'write' }],
    ['essaim_mails_waiting', {}],
  );
  assert.deepEqual(grown, [1, 1, 0]); // the mailbox keeps it: nothing waits for a server
  const families = await measure();
  assert.ok(valueOf(families, 'essaim_writer_batch_requests_count') >= 1);
  assert.ok(valueOf(families, 'essaim_writer_commit_duration_seconds_count') >= 1);
});

test('who watches is counted while they do', async () => {
  const viewers = async () => valueOf(await measure(), 'essaim_live_viewers');
  const socket = connect(server.port, '127.0.0.1');
  socket.write('GET /campaigns/haie/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await until('one watches', async () => (await viewers()) === 1);
  socket.destroy();
  await signUp(server, 'haie', { email: 'ben@example.org' }); // the next event finds nobody there
  await until('nobody does', async () => (await viewers()) === 0);
});

test('it is not served through a proxy', async () => {
  for (const headers of [{ 'x-forwarded-for': '192.0.2.1' }, { via: '1.1 nginx' }])
    assert.equal((await server.fetch('/metrics', { headers })).status, 404);
});

// Keeps the database's file for itself until it is killed.
async function keepFile(data) {
  const script = `import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("kept", flush=True)
time.sleep(60)`;
  const child = spawn('python3', ['-c', script, `${data}/essaim.db`], { stdio: ['ignore', 'pipe', 'inherit'] });
  await firstLine(child);
  return child;
}

test('a page of a fault names the line of the log, and the fault is counted', async () => {
  const keeper = await keepFile(server.data);
  let pages;
  const grown = await growth(async () => {
    const form = { first_name: 'Noé', email: 'noe@example.org', party: 1 };
    const page = await server.post('/campaigns/haie/sign-ups', form);
    const headers = { accept: 'application/json' };
    const json = await server.post('/campaigns/haie/sign-ups', form, { headers });
    pages = [page, json];
    keeper.kill('SIGKILL');
    await once(keeper, 'exit');
  }, ['essaim_faults_total', {}], requests('/campaigns/:slug/sign-ups', '5xx', 'POST'));
  assert.deepEqual(grown, [2, 2]);
  assert.deepEqual(pages.map((page) => page.status), [503, 503]);
  const text = await pages[0].text();
  const lines = [...server.log.matchAll(/ event=fault request=(\S+) route=(\S+) error=/g)];
  assert.deepEqual(lines.map((line) => line[2]), Array(2).fill('/campaigns/:slug/sign-ups'));
  assert.ok(text.includes(lines[0][1]), text);
  assert.equal((await pages[1].json()).request, lines[1][1]);
  assert.equal((await signUp(server, 'haie', { email: 'noe@example.org' })).status, 201); // again
  assert.equal((await server.fetch('/healthz')).status, 200);
});
