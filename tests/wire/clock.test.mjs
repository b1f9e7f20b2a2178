// SPDX-License-Identifier: AGPL-3.0-or-later
// A clock that is set an hour forward and back again while people sign up: nobody is refused, mails go
// out, and who has a mail can follow it. The machine's clock is everybody's: libfaketime stands between
// the server and it, and leaves the monotonic clock alone, as a clock that is set does.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, assertSound, campaign, campaignData, discard, signUp, until } from './client.mjs';
import { Load } from './load.mjs';
import { Server, program } from './server.mjs';
import { Sink } from './smtp_sink.mjs';

const HOUR_SECONDS = 3600;

function fakeLibrary() {
  const places = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`);
  const found = places.find((path) => existsSync(path));
  assert.ok(found, 'libfaketime is not installed: script/bootstrap test');
  return found;
}

// Sanitizers want to be loaded before anything else.
const sanitizers = () =>
  execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S*lib(a|ub|t)san\.so\S*/g) ?? [];

class Clock {
  constructor(data) {
    this.file = join(data, 'offset'); // where the program may read
    this.set(0);
  }

  set(seconds) {
    writeFileSync(this.file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  }

  get command() {
    return [
      'env',
      `LD_PRELOAD=${[...sanitizers(), fakeLibrary()].join(':')}`,
      `FAKETIME_TIMESTAMP_FILE=${this.file}`,
      ...['FAKETIME_NO_CACHE=1', 'DONT_FAKE_MONOTONIC=1'],
    ];
  }
}

// What the server takes the time to be, in seconds from ours.
async function hourOf(server) {
  const { headers } = await ask(server, '/healthz');
  return Math.round((Date.parse(headers.date) - Date.now()) / 1000 / HOUR_SECONDS);
}

// The path of one's own sign-up, from the mail that arrived.
async function pathFromMail(sink, email) {
  await until(`a mail comes to ${email}`, () => sink.to(email).length > 0);
  const text = sink.to(email)[0].data.replace(/=\r\n/g, '').replace(/=3D/g, '=');
  return text.match(/(\/sign-ups\/\w+)/)[1];
}

async function signUpByMail(server, sink, name) {
  const email = `${name}@sink.essaim.fr`;
  assert.equal((await signUp(server, 'haie', { email })).status, 201);
  return pathFromMail(sink, email);
}

async function confirm(server, path) {
  const { status, text, body } = await ask(server, `${path}/confirm`, { fields: {} });
  assert.equal(status, 200, text);
  assert.equal(body.state, 'confirmed');
}

test('the clock jumps an hour forward and back: business as usual', async (t) => {
  const data = await campaignData({ minimum: 1_000_000 });
  const sink = await Sink.start();
  const clock = new Clock(data);
  const options = ['--smtp', `smtp://127.0.0.1:${sink.port}`, '--smtp-rate', '60000'];
  const start = () => Server.start({ data, options, command: clock.command });
  let server = await start();
  t.after(() => discard(server));
  t.after(() => sink.stop());
  const load = new Load(server, 'load', 4);
  t.after(() => load.stop());

  const early = await signUpByMail(server, sink, 'early');
  const waiting = [];
  let people = 0;
  for (const [when, hour] of [['now', 0], ['ahead', 1], ['back', 0], ['behind', -1], ['again', 0]]) {
    clock.set(hour * HOUR_SECONDS);
    await until('the server has noticed', async () => (await hourOf(server)) === hour);
    await load.moreAcknowledged(4);
    await confirm(server, await signUpByMail(server, sink, `${when}-at-once`));
    people++;
    waiting.push(await signUpByMail(server, sink, `${when}-later`));
    assert.equal((await campaign(server)).progress.people, people, when);
  }
  await load.end();
  assert.equal(load.refused, 0);
  for (const path of [early, ...waiting]) await confirm(server, path);
  assert.equal((await campaign(server)).progress.people, people + 1 + waiting.length);

  clock.set(HOUR_SECONDS);
  await until('it has noticed once more', async () => (await hourOf(server)) === 1);
  await confirm(server, await signUpByMail(server, sink, 'last-ahead'));
  assert.equal((await server.end()).status, 0);
  clock.set(0);
  server = await start(); // and finds what was written an hour later
  await confirm(server, await signUpByMail(server, sink, 'last-back'));
  assert.equal((await server.end()).status, 0);
  assert.ok(!/level=error/.test(server.log), server.log);
  await assertSound(data);
});
