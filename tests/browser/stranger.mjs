// SPDX-License-Identifier: AGPL-3.0-or-later
// What a stranger does on the pages of Essaim, and what they find in their mail. Everything is found
// by the names of fields and by structure, so that it is the same in every language.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mailsTo, until } from '../wire/client.mjs';

// Fills in the sign-up form of the campaign's page that is open, and sends it.
export async function signUp(page, { name, email, party = 1, session = null, showName = false }) {
  const form = page.locator('#sign-up form');
  await form.locator('[name=first_name]').fill(name);
  await form.locator('[name=email]').fill(email);
  await form.locator('[name=party]').selectOption(String(party));
  if (session !== null) await form.locator('[name=session]').nth(session).check();
  await form.locator('[name=show_name]').setChecked(showName);
  await form.locator('button').click();
  await page.waitForURL(/\/sent\?h=/);
}

// The newest mail to an address, once there are `count` of them.
export async function newestMail(server, email, count = 1) {
  const enough = async () => {
    const mails = await mailsTo(server, email);
    return mails.length >= count && mails;
  };
  const [mail] = await until(`${count} mails to ${email}`, enough);
  return mail;
}

export const codeOf = (mail) => mail.text.match(/^(\d{3} ?\d{3})$/m)[1];
export const ownLink = (mail) => mail.links.find((link) => /\/sign-ups\/\w+$/.test(link));

// The way of the install's first link.
export const firstPath = (server) =>
  new URL(readFileSync(join(server.data, 'first-link'), 'utf8').trim()).pathname;

// Opens it, and becomes the administrator.
export async function becomeAdministrator(page, server, { name = 'Anne', email = 'anne@example.org' } = {}) {
  await page.goto(firstPath(server));
  await page.fill('[name=name]', name);
  await page.fill('[name=email]', email);
  await page.click('main form button');
  await page.waitForURL(/\/administration$/);
}

// Signs in by the code of the mail; `next` is where one wanted to go.
export async function signIn(page, server, email, next = '/account') {
  const before = (await mailsTo(server, email)).length;
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.fill('[name=email]', email);
  await page.click('main form button');
  await page.waitForURL(/\/sign-in\/code$/);
  await page.fill('[name=code]', codeOf(await newestMail(server, email, before + 1)));
  await page.click('main form button');
  await page.waitForURL((url) => url.pathname === next);
}
