// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page, pairwise over language, width and colour scheme (script/deep takes all of them); and
// what only some pages do. It takes longest of all files, and is the first by its name: the others
// run beside it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { closePage, openPage } from './browser.mjs';
import { testEveryPage } from './every_page.mjs';
import { pairwiseLooks } from './looks.mjs';

const locales = { fr: 'fr-FR', en: 'en-GB' };
const world = testEveryPage({ looks: pairwiseLooks });

for (const [lang, locale] of Object.entries(locales))
  test(`the other language stays from page to page: from ${lang}`, async () => {
    const { browser, server, guest } = world;
    const other = lang === 'fr' ? 'en' : 'fr';
    for (const javaScriptEnabled of [true, false]) {
      const page = await openPage(browser, server, { locale, javaScriptEnabled });
      await page.goto(guest.places['list-none']);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      await page.click(`header a[hreflang=${other}]`);
      assert.equal(await page.getAttribute('html', 'lang'), other);
      assert.equal(await page.inputValue('[name=q]'), 'zeppelin');
      await page.click('header a[href="/campaigns"]');
      assert.equal(await page.getAttribute('html', 'lang'), other);
      await page.goto(guest.places.sent);
      await page.click(`header a[hreflang=${lang}]`);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      assert.equal(await page.locator('[name=code]').count(), 1);
      await closePage(page);
    }
  });

test('the QR code of the big screen leads to the campaign', async () => {
  const { browser, server, guest, folder } = world;
  const page = await openPage(browser, server);
  await page.goto(guest.places.screen);
  const picture = join(folder, 'qr.png');
  await page.locator('svg[role=img]').screenshot({ path: picture });
  const read = await promisify(execFile)('zbarimg', ['-q', '--raw', picture]);
  assert.equal(read.stdout.trim(), `${server.url}${guest.places.campaign}`);
  await closePage(page);
});
