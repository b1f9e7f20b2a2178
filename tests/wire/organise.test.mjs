// SPDX-License-Identifier: AGPL-3.0-or-later
// A campaign of twenty thousand (a tenth of that, unless the whole sizes are asked for): the last page of
// the list of people costs what the first one does, the table for a spreadsheet has everybody once,
// and the server's memory stays flat while it goes out.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, campaignData, ceiling, discard, full, newCrowd } from './client.mjs';
import { Server } from './server.mjs';

const PEOPLE = Number(process.env.ESSAIM_TEST_PEOPLE ?? (full ? 20_000 : 2_000));
const SLUG = 'haie';
const ORGANISE = `/campaigns/${SLUG}/organise`;
const PAGE = 50;
const COUNTED_MAX = 2_000; // of a message's readers: see SIGN_UP_REACH_MAX
const MEASURED = 20; // pages at each end of the walk
const RATIO_MAX = 3; // of the last pages' time to the first ones'; a machine does other things too
const GROWTH_KB_MAX = 8 * 1024; // of a release build, while the table goes out twice

let crowd;
let headers; // of who is signed in
let server;

before(async () => {
  server = await Server.start({ data: await campaignData({ people: PEOPLE, minimum: 1 }) });
  crowd = newCrowd(1);
  const link = new URL(readFileSync(join(server.data, 'first-link'), 'utf8').trim());
  const fields = { name: 'Nadia', email: 'nadia@example.org' };
  const answer = await ask(server, link.pathname, {
    fields,
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  assert.equal(answer.status, 200, answer.text);
  headers = { cookie: answer.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ') };
});
after(() => discard(server));

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

async function timed(path, options) {
  const start = performance.now();
  const answer = await ask(server, path, { crowd, ...options, headers: { ...headers, ...options?.headers } });
  assert.equal(answer.status, 200, answer.text);
  return { answer, ms: performance.now() - start };
}

// The table is a form's answer: that it was taken along is written down.
const take = { fields: {}, headers: { 'sec-fetch-site': 'same-origin' } };

const memoryKb = () =>
  Number(readFileSync(`/proc/${server.process.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);

let people; // their handles, the newest first

test('each is on one page of the list, and the last page costs what the first one does', async () => {
  const times = [];
  people = [];
  for (let next = ''; next !== null; ) {
    const { answer, ms } = await timed(`${ORGANISE}/people${next && `?after=${next}`}`);
    times.push(ms);
    people.push(...answer.body.items.map(({ handle }) => handle));
    next = answer.body.next;
  }
  assert.equal(people.length, PEOPLE);
  assert.equal(new Set(people).size, people.length);
  assert.equal(times.length, Math.ceil(people.length / PAGE));
  const first = median(times.slice(1, 1 + MEASURED)); // the first of all prepares its statements
  const last = median(times.slice(-1 - MEASURED, -1));
  console.log(`pages: ${times.length}; first ${first.toFixed(2)} ms, last ${last.toFixed(2)} ms`);
  assert.ok(last < RATIO_MAX * first + 1, `${last} ms against ${first} ms`);
});

test('somebody is found among all of them', async () => {
  await timed(`${ORGANISE}/people?q=c%C3%A9line`); // which loads what folds letters
  const { answer, ms } = await timed(`${ORGANISE}/people?q=c%C3%A9line`);
  console.log(`a search: ${ms.toFixed(2)} ms`);
  assert.ok(answer.body.items.length > 0);
  assert.ok(answer.body.items.every((one) => one.first_name === 'Céline' && one.brought_by));
});

test('the table has everybody once, and the memory stays flat', async () => {
  await timed(`${ORGANISE}/people.csv`, take); // what the first one takes is kept
  const before = memoryKb();
  const { answer, ms } = await timed(`${ORGANISE}/people.csv`, take);
  await timed(`${ORGANISE}/people.csv`, take);
  const grown = memoryKb() - before;
  const kb = Math.round(Buffer.byteLength(answer.text) / 1024);
  console.log(`table: ${kb} kB in ${ms.toFixed(0)} ms; memory ${before} kB, and ${grown} kB more`);
  assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8');
  assert.match(answer.headers['content-disposition'], new RegExp(`"${SLUG}\\.csv"`));
  assert.ok(answer.text.startsWith('\ufeff'));
  assert.equal(answer.text.split('\r\n').length - 2, people.length);
  if (full) assert.ok(grown < GROWTH_KB_MAX, `${grown} kB`);
});

test('the page from which it is led, and the count of who gets a message', async () => {
  const page = await timed(ORGANISE);
  await ask(server, `${ORGANISE}/message`, {
    fields: { subject: 'Merci', body: 'Merci !' },
    headers: { ...headers, 'sec-fetch-site': 'same-origin' },
  });
  const { answer, ms } = await timed(`${ORGANISE}/message/preview`);
  console.log(`the page: ${page.ms.toFixed(1)} ms; counting readers: ${ms.toFixed(1)} ms`);
  const { readers, people, more } = answer.body;
  assert.equal(readers, Math.min(PEOPLE, COUNTED_MAX + 1));
  assert.equal(people, PEOPLE);
  assert.equal(more, PEOPLE > COUNTED_MAX);
  assert.ok(ms < ceiling(200), `${ms} ms`);
});
