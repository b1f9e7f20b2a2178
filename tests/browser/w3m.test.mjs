// SPDX-License-Identifier: AGPL-3.0-or-later
// A sign-up in w3m: a terminal, no style sheet, no script.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { ask, campaign, campaignData, firstLine, ownPath } from '../wire/client.mjs';
import { serve } from './browser.mjs';
import { codeOf, newestMail } from './stranger.mjs';

test('somebody signs up in w3m, and confirms there by the mail’s code', { timeout: 60_000 }, async (t) => {
  const server = await serve(await campaignData());
  t.after(() => server.stop());
  const email = 'odile@example.org';
  const words = [`${server.url}/campaigns/haie?lang=fr`, 'Odile', email];
  const w3m = spawn('tests/browser/w3m.py', words, { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => w3m.kill()); // it waits for a code that may never come
  let shown = '';
  w3m.stdout.setEncoding('utf8').on('data', (piece) => (shown += piece));
  assert.equal(await firstLine(w3m), 'sent');
  assert.equal((await campaign(server)).progress.people, 0);
  w3m.stdin.end(`${codeOf(await newestMail(server, email))}\n`);
  const [status] = await once(w3m, 'close');
  assert.equal(status, 0, shown);
  assert.match(shown, /Vous êtes la 1re personne/);
  const { body } = await ask(server, await ownPath(server, email));
  assert.deepEqual([body.state, body.first_name], ['confirmed', 'Odile']);
  assert.equal((await campaign(server)).progress.people, 1);
});
