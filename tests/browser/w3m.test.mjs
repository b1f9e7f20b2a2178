// SPDX-License-Identifier: AGPL-3.0-or-later
// A sign-up in w3m: a terminal, no style sheet, no script.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { campaign, campaignData, mailsTo, ownPath, ask } from '../wire/client.mjs';
import { serve } from './browser.mjs';

test('somebody signs up in w3m, and confirms from the mail', async () => {
  const server = await serve(await campaignData());
  const email = 'odile@example.org';
  const words = [`${server.url}/campaigns/haie?lang=fr`, 'Odile', email];
  const { stdout } = await promisify(execFile)('tests/browser/w3m.py', words, { timeout: 60_000 });
  assert.match(stdout, /Regardez/);
  const [mail] = await mailsTo(server, email);
  assert.match(mail.text, /Odile/);
  const own = await ownPath(server, email);
  const { body } = await ask(server, `${own}/confirm`, { fields: {} });
  assert.equal(body.state, 'confirmed');
  assert.equal((await campaign(server)).progress.people, 1);
  await server.stop();
});
