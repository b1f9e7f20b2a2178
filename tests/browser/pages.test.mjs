// SPDX-License-Identifier: AGPL-3.0-or-later
// Every kind of page, and every page that a stranger reaches by links, in both languages: it
// answers, is valid, accessible in light and dark, fits a telephone, and asks nobody else for
// anything. The mails are valid too.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ask } from '../wire/client.mjs';
import { demoData } from '../wire/server.mjs';
import {
  assertAccessible,
  assertNoOverflow,
  assertReadable,
  assertValidHtml,
  closePage,
  launch,
  openPage,
  serve,
} from './browser.mjs';
import { TOGETHER, makeOwnPlaces, makePlaces, ownRefusals, refusals } from './places.mjs';

const PAGES_MAX = 80;
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 800 };
const locales = { fr: 'fr-FR', en: 'en-GB' };
let browser;
let folder; /* the HTML of all that was seen */
let places;
let own; /* a page that is signed in, and its places */
let server;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'essaim-pages-'));
  server = await serve(await demoData());
  browser = await launch();
  const page = await openPage(browser, server);
  places = await makePlaces(page, server);
  await closePage(page);
  const member = await openPage(browser, server, { expected: [404, 422] });
  own = { page: member, places: await makeOwnPlaces(member, server) };
});

after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function keep(lang, name, html) {
  mkdirSync(join(folder, lang), { recursive: true });
  writeFileSync(join(folder, lang, `${name.replace(/\W+/g, '-')}.html`), html);
}

// The same-site addresses in a page, without what only leads to the same page again.
async function linksOf(page) {
  const all = await page.$$eval('a[href]:not([download])', (links) => links.map((link) => link.href));
  return all
    .filter((href) => href.startsWith(`${server.url}/`))
    .map((href) => new URL(href))
    .filter((url) => !url.searchParams.has('lang') && !url.pathname.startsWith('/mailbox'))
    .map((url) => url.pathname + url.search);
}

async function assertSound(page, lang) {
  assert.equal(await page.getAttribute('html', 'lang'), lang, page.url());
  await page.emulateMedia({ colorScheme: 'light' });
  await assertAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertReadable(page);
  await page.setViewportSize(NARROW);
  await assertNoOverflow(page);
  await page.setViewportSize(WIDE);
}

for (const [lang, locale] of Object.entries(locales)) {
  test(`every page is sound in ${lang}`, async () => {
    const page = await openPage(browser, server, { locale, expected: [404] });
    const known = Object.values(places);
    for (let i = 0; i < known.length; i++) {
      const path = known[i];
      const answer = path.endsWith('.ics') ? await page.request.get(path) : await page.goto(path);
      const isGone = [places[404], places['sign-in-gone']].includes(path);
      assert.equal(answer.status(), isGone ? 404 : 200, path);
      if (path.endsWith('.ics')) continue;
      keep(lang, path, await answer.text());
      await assertSound(page, lang);
      for (const link of await linksOf(page)) if (!known.includes(link)) known.push(link);
      assert.ok(known.length < PAGES_MAX, known.join(' '));
    }
    await closePage(page);
  });

  test(`every page of who is signed in is sound in ${lang}`, async () => {
    const { page } = own;
    for (const [name, path] of Object.entries(own.places)) {
      const separator = path.includes('?') ? '&' : '?';
      const answer = await page.goto(`${path}${separator}lang=${lang}`);
      assert.equal(answer.status(), 200, path);
      keep(lang, `own-${name}`, await answer.text());
      await assertSound(page, lang);
    }
    assert.deepEqual(page.troubles, []);
  });

  test(`every page of a refused form of who is signed in is sound in ${lang}`, async () => {
    const { page } = own;
    await page.goto(`/account?lang=${lang}`);
    for (const [name, visit] of Object.entries(ownRefusals)) {
      const answered = page.waitForResponse((answer) => answer.status() === 422);
      await visit(page, own.places);
      keep(lang, `own-${name}`, await (await answered).text());
      await assertSound(page, lang);
    }
    assert.deepEqual(page.troubles, []);
  });

  test(`every page of a refused form is sound in ${lang}`, async () => {
    const page = await openPage(browser, server, { locale, expected: [422] });
    for (const [name, visit] of Object.entries(refusals)) {
      const answered = page.waitForResponse((answer) => answer.status() === 422);
      await visit(page, places);
      keep(lang, name, await (await answered).text());
      await assertSound(page, lang);
    }
    await closePage(page);
  });

  test(`the other language stays from page to page: from ${lang}`, async () => {
    const other = lang === 'fr' ? 'en' : 'fr';
    for (const javaScriptEnabled of [true, false]) {
      const page = await openPage(browser, server, { locale, javaScriptEnabled });
      await page.goto(places['list-none']);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      await page.click(`header a[hreflang=${other}]`);
      assert.equal(await page.getAttribute('html', 'lang'), other);
      assert.equal(await page.inputValue('[name=q]'), 'zeppelin');
      await page.click('header a[href="/campaigns"]');
      assert.equal(await page.getAttribute('html', 'lang'), other);
      await page.goto(places.sent);
      await page.click(`header a[hreflang=${lang}]`);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      assert.equal(await page.locator('[name=code]').count(), 1);
      await closePage(page);
    }
  });
}

test('pages, pages of refused forms, and mails are valid HTML', async () => {
  const { body } = await ask(server, '/mailbox');
  assert.ok(body.items.length >= 5);
  for (const mail of body.items) keep('mails', mail.id, mail.html);
  await assertValidHtml(['--skip-non-html', folder]);
});


test('the QR code of the big screen leads to the campaign', async () => {
  const page = await openPage(browser, server);
  await page.goto(places.screen);
  const picture = join(folder, 'qr.png');
  await page.locator('svg[role=img]').screenshot({ path: picture });
  const read = await promisify(execFile)('zbarimg', ['-q', '--raw', picture]);
  assert.equal(read.stdout.trim(), `${server.url}${places.campaign}`);
  await closePage(page);
});
