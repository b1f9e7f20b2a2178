// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page that a stranger reaches by links, in both languages: it answers, is valid, accessible in
// light and dark, fits a telephone, and asks nobody else for anything.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Server, demoData } from '../wire/server.mjs';
import {
  assertAccessible,
  assertNoOverflow,
  assertValidHtml,
  closePage,
  launch,
  openPage,
} from './browser.mjs';

const PAGES_MAX = 60;
let browser;
let server;

before(async () => {
  server = await Server.start({ data: await demoData() });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// The same-site addresses in a page, without what only leads to the same page again.
async function linksOf(page) {
  const all = await page.$$eval('a[href]', (links) => links.map((link) => link.href));
  return all
    .filter((href) => href.startsWith(`${server.url}/`))
    .map((href) => new URL(href))
    .filter((url) => !url.searchParams.has('lang') && !url.pathname.startsWith('/mailbox'))
    .map((url) => url.pathname + url.search);
}

// Visits all pages from the home page on; calls `visit` with each path and its HTML.
async function crawl(page, visit) {
  const known = ['/'];
  for (let i = 0; i < known.length && i < PAGES_MAX; i++) {
    const answer = await page.goto(known[i]);
    const type = answer.headers()['content-type'] ?? '';
    assert.equal(answer.status(), 200, known[i]);
    if (!type.startsWith('text/html')) continue;
    await visit(known[i], await answer.text());
    for (const link of await linksOf(page)) if (!known.includes(link)) known.push(link);
  }
  assert.ok(known.length > 3, `only ${known.join(' ')}`);
}

for (const locale of ['fr-FR', 'en-GB']) {
  test(`every page is sound in ${locale}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'essaim-pages-'));
    const page = await openPage(browser, server, { locale });
    const files = [];
    await crawl(page, async (path, html) => {
      assert.equal(await page.getAttribute('html', 'lang'), locale.slice(0, 2), path);
      files.push(join(folder, `${files.length}${path.replace(/\W+/g, '-')}.html`));
      writeFileSync(files.at(-1), html);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await assertAccessible(page);
      }
    });
    await closePage(page);
    await assertValidHtml(files);
    rmSync(folder, { recursive: true });
  });

  test(`every page fits a telephone in ${locale}`, async () => {
    const page = await openPage(browser, server, { locale, viewport: { width: 320, height: 640 } });
    await crawl(page, () => assertNoOverflow(page));
    await closePage(page);
  });
}
