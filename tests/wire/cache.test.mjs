// SPDX-License-Identifier: AGPL-3.0-or-later
// The hunt for a page that is no longer true, or that is another's. Many read the pages of two
// campaigns over many connections, in both languages and formats, compressed or not, while others
// sign up to both and confirm. Whoever asks for a page after a sign-up was answered must see it, or a
// later one; and every page is the one that was asked for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ask, assertSound, campaignData, discard, full, newCrowd, ownPath, signUp } from './client.mjs';
import { Server } from './server.mjs';

const HUNT_MS = full ? 60_000 : 4_000;
const READERS = 24;
const WRITERS = 4;
const SLUGS = ['haie', 'verger'];
const TITLES = { fr: 'Campagnes', en: 'Campaigns' };

let server;
let crowd;

before(async () => {
  const options = { minimum: 1_000_000, sessions: 1, capacity: 1_000_000 };
  const data = await campaignData({ slug: SLUGS[0], ...options });
  await campaignData({ data, slug: SLUGS[1], ...options });
  server = await Server.start({ data });
  crowd = newCrowd(READERS + WRITERS);
});
after(() => {
  crowd?.destroy();
  return discard(server);
});

// What the server has said so far of each campaign: a page asked for later shows no less.
const told = Object.fromEntries(SLUGS.map((slug) => [slug, { taken: 0, people: 0 }]));

// The bytes of an answer, which may be compressed.
function get(path, headers) {
  return new Promise((accept, refuse) => {
    const options = { host: '127.0.0.1', port: server.port, path, agent: crowd, headers };
    const rq = request(options, async (answer) => {
      const pieces = [];
      for await (const piece of answer) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      const zipped = answer.headers['content-encoding'] === 'gzip';
      const body = zipped ? await promisify(gunzip)(bytes) : bytes;
      accept({ status: answer.statusCode, headers: answer.headers, zipped, text: body.toString() });
    });
    rq.on('error', refuse);
    rq.end();
  });
}

const seen = { pages: 0, zipped: 0, unchanged: 0 };
const tags = new Map(); // of what was read: that is all a tag may ever be of

// One page of a campaign, or the list, as somebody with these wishes reads it.
async function readOnce(wish) {
  const { slug, lang, json, gzip, tag } = wish;
  const before = { ...told[slug] };
  const headers = {
    'accept-language': lang,
    accept: json ? 'application/json' : 'text/html',
    ...(gzip && { 'accept-encoding': 'gzip' }),
    ...(tag && { 'if-none-match': tag }),
  };
  const answer = await get(`/campaigns/${slug}`, headers);
  seen.pages++;
  if (answer.status === 304) {
    seen.unchanged++;
    assert.equal(answer.headers.etag, tag);
    assert.ok(tags.get(tag).people >= before.people, 'told that nothing changed, but it has');
    return tag;
  }
  assert.equal(answer.status, 200, answer.text);
  if (answer.zipped) seen.zipped++;
  assert.ok(gzip || !answer.zipped, 'compressed for who does not take it');
  assert.match(answer.headers['content-type'], json ? /json/ : /html/, 'the other format');
  const count = json ? ofJson(answer.text, slug) : ofPage(answer.text, slug, lang);
  assert.ok(count.people >= before.people, `stale: ${count.people} after ${before.people}`);
  if (count.taken !== undefined)
    assert.ok(count.taken >= before.taken, `stale: ${count.taken} taken after ${before.taken}`);
  tags.set(answer.headers.etag, count);
  return answer.headers.etag;
}

function ofJson(text, slug) {
  const page = JSON.parse(text);
  assert.equal(page.slug, slug, "another campaign's page");
  return { people: page.progress.people, taken: page.sessions[0].taken };
}

function ofPage(text, slug, lang) {
  assert.match(text, new RegExp(`<html lang="${lang}"`), 'the other language');
  assert.ok(text.includes(`/campaigns/${slug}/sign-ups`), "another campaign's page");
  assert.ok(text.includes(TITLES[lang]));
  const people = text.match(/class="count" data-live-people>([^<]+)</)?.[1];
  assert.ok(people !== undefined, 'the page does not say how many there are');
  return { people: Number(people.replace(/\D/g, '')) }; // 1 234, 1,234
}

async function read(reader, ends) {
  let tag;
  for (let i = 0; Date.now() < ends; i++) {
    const wish = {
      slug: SLUGS[reader % 2],
      lang: reader % 4 < 2 ? 'fr' : 'en',
      json: reader % 8 >= 4,
      gzip: reader % 3 > 0,
      tag: i % 2 ? tag : undefined,
    };
    tag = await readOnce(wish);
  }
}

// Signs up and confirms, and notes that only once the server has answered.
async function write(writer, ends) {
  for (let i = 0; Date.now() < ends; i++) {
    const slug = SLUGS[(writer + i) % 2];
    const email = `w${writer}-${i}@example.org`;
    const { status, text } = await signUp(server, slug, { email }, crowd);
    assert.equal(status, 201, text);
    told[slug].taken++;
    const own = await ownPath(server, email, crowd);
    const confirmed = await ask(server, `${own}/confirm`, { crowd, fields: {} });
    assert.equal(confirmed.status, 200, confirmed.text);
    told[slug].people++;
  }
}

test('no page is stale, and none is another one, while others write', async (t) => {
  const ends = Date.now() + HUNT_MS;
  await Promise.all([
    ...Array.from({ length: READERS }, (_, i) => read(i, ends)),
    ...Array.from({ length: WRITERS }, (_, i) => write(i, ends)),
  ]);
  const { text } = await ask(server, '/metrics');
  const hits = Number(text.match(/essaim_cache_requests_total\{answer="hit"\} (\d+)/)[1]);
  const people = SLUGS.reduce((sum, slug) => sum + told[slug].people, 0);
  const { pages, zipped, unchanged } = seen;
  t.diagnostic(`${pages} pages, ${hits} from the cache, ${unchanged} unchanged, ${people} people`);
  assert.ok(hits > pages / 10, 'hardly anything came from the cache');
  assert.ok(people > 0 && zipped > 0 && unchanged > 0, 'a part of the hunt did not take place');
});

test('afterwards the counters are the sums of the rows', async () => {
  crowd.destroy();
  assert.equal((await server.end()).status, 0);
  await assertSound(server.data);
});
