// SPDX-License-Identifier: AGPL-3.0-or-later
// The organiser's journey, from the install's first link to the thanks: with JavaScript and without,
// in French and in English, on a telephone. The product's clock moves by hand; mails are read from
// the mailbox.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, mailsTo, until } from '../wire/client.mjs';
import { newFolder } from '../wire/server.mjs';
import { assertAccessible, assertNoOverflow, closePage, launch, openPage, serve } from './browser.mjs';
import { becomeAdministrator, newestMail, ownLink, signIn, signUp } from './stranger.mjs';

const TELEPHONE = { width: 360, height: 740 };
const START = Date.parse('2027-03-01T08:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const GUESTS = ['Nadia', 'Marc'];
const QUANTITIES = { Nadia: 12, Marc: 30 };
const locales = { fr: 'fr-FR', en: 'en-GB' };
const words = {
  fr: { community: 'Les Voisins', title: 'Berges propres', thanks: /Merci/ },
  en: { community: 'The Neighbours', title: 'Clean banks', thanks: /[Tt]hank/ },
};
const runs = ['fr', 'en'].flatMap((lang) => [true, false].map((script) => ({ lang, script })));
const emailOf = (name) => `${name.toLowerCase()}@example.org`;
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

// A server whose product time is what `set` says.
async function serveWithClock(t) {
  const data = newFolder();
  const clock = join(data, 'clock');
  const set = (ms) => writeFileSync(clock, new Date(ms).toISOString().replace(/\.\d+/, ''));
  set(START);
  const server = await serve(data, ['--test-clock', clock]);
  t.after(() => server.stop());
  return { server, set };
}

// Settings, a first draft, its questions, its preview; until everybody can see it. Gives its path.
async function writeAndPublish(page, { lang }) {
  const { community, title } = words[lang];
  await page.goto('/administration/settings');
  await page.fill('[name=name]', community);
  await page.selectOption('[name=language]', lang);
  await page.click('main form button');
  await page.waitForLoadState();
  assert.match(await page.textContent('header'), new RegExp(community));

  await page.goto('/campaigns/new');
  await page.click('button[name=template][value=place]');
  await page.waitForURL(/\/edit/);
  await assertNoOverflow(page);
  await page.fill('[name=title]', title);
  await page.click('#what button[name=go]');
  await page.waitForURL(/#who$/);
  await page.fill('[name=organiser_email]', 'anne@example.org');
  await page.click('#who button[name=go]');
  await page.waitForURL(/#where$/);
  await page.fill('[name=place]', 'Pont Lafayette');
  await page.click('#where button[name=go]');
  await page.waitForURL(/#goal$/);
  await page.check('[name=goal][value=quantity]');
  await page.fill('[name=minimum]', '2');
  await page.fill('[name=target]', '40');
  await page.fill('[name=quantity_unit]', 'sacs');
  await page.click('#goal button[name=go]');
  await page.waitForURL(/#when$/);
  const path = new URL(page.url()).pathname.replace(/\/edit$/, ''); // it follows the title
  await page.goto(path); // the preview is the page itself
  assert.match(await page.textContent('h1'), new RegExp(title));
  assert.equal(await page.locator('.lead-bar').count(), 1);

  await page.goto(`${path}/publish`);
  await page.click('main form.box button');
  await page.waitForLoadState();
  return path;
}

// A guest signs up on a telephone of their own, and confirms by the mail's link.
async function comes(server, path, name, run) {
  const page = await openPage(browser, server, {
    locale: locales[run.lang],
    javaScriptEnabled: run.script,
    viewport: TELEPHONE,
  });
  await page.goto(path);
  await signUp(page, { name, email: emailOf(name), showName: true });
  await page.goto(ownLink(await newestMail(server, emailOf(name))));
  await page.click('main form[action$="/confirm"] button');
  await page.waitForLoadState();
  return page;
}

// The first session begins a day later, and ends as late: who is in is asked again.
async function move(page, path) {
  await page.goto(`${path}/edit/sessions`);
  await page.click('.rows a');
  await page.waitForLoadState();
  const later = (wall) =>
    new Date(Date.parse(`${wall.slice(0, 16)}Z`) + DAY).toISOString().slice(0, 16);
  for (const name of ['starts', 'ends']) {
    const field = page.locator(`form:has([name=sure]) [name=${name}]`);
    await field.fill(later(await field.inputValue()));
  }
  await page.check('[name=sure]');
  await page.click('form:has([name=sure]) button');
  await page.waitForLoadState();
}

// The mail that asks again, after the one to confirm, its receipt, and "it is on!"; and its yes.
async function confirmAgain(server, guest, name) {
  const mail = await newestMail(server, emailOf(name), 4);
  await guest.goto(new URL(ownLink(mail)).pathname);
  await guest.click('main .box form[action$="/confirm"] button');
  await guest.waitForLoadState();
}

async function reports(guest, name) {
  await guest.goto(guest.url());
  await guest.fill('form[action$="/reports"] [name=quantity]', String(QUANTITIES[name]));
  await guest.click('form[action$="/reports"] button');
  await guest.waitForLoadState();
}

for (const run of runs) {
  const how = `${run.lang}, ${run.script ? 'with' : 'without'} JavaScript`;
  test(`an organiser leads a campaign from its first draft to the thanks: ${how}`, async (t) => {
    const { server, set } = await serveWithClock(t);
    const page = await openPage(browser, server, {
      locale: locales[run.lang],
      javaScriptEnabled: run.script,
      viewport: TELEPHONE,
    });
    await becomeAdministrator(page, server);
    const path = await writeAndPublish(page, run);
    const campaign = async () => (await ask(server, path)).body;
    assert.equal((await campaign()).state, 'open');

    const guests = {};
    for (const name of GUESTS) guests[name] = await comes(server, path, name, run);
    assert.equal((await campaign()).progress.people, 2);

    await move(page, path);
    set(START + 31 * MINUTE); // what changed is gathered for half an hour
    for (const name of GUESTS) await confirmAgain(server, guests[name], name);
    assert.equal((await campaign()).progress.people, 2);

    const { closes_at, sessions } = await campaign();
    set(Math.max(Date.parse(closes_at), Date.parse(sessions[0].ends_at)) + MINUTE);
    await until('it is under way', async () => (await campaign()).state === 'under_way');
    for (const name of GUESTS) await reports(guests[name], name);
    await until('both are counted', async () => (await campaign()).progress.quantity === 42);

    await signIn(page, server, 'anne@example.org', `${path}/organise/result`); // a month later
    await page.click('#done form button'); // what goes out
    await page.waitForLoadState();
    await assertNoOverflow(page);
    if (run.script) await assertAccessible(page);
    await page.click('main form button');
    await page.waitForLoadState();
    assert.equal((await campaign()).state, 'reported');
    for (const name of GUESTS) {
      const thanks = await until('the thanks', async () => {
        const [newest] = await mailsTo(server, emailOf(name));
        return newest.links.some((link) => link.endsWith(`${path}/result`)) && newest;
      });
      assert.match(thanks.text, words[run.lang].thanks);
      await guests[name].goto(`${path}/result`);
      assert.match(await guests[name].textContent('.figures'), /42/);
      await closePage(guests[name]);
    }
    await closePage(page);
  });
}
