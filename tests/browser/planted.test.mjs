// SPDX-License-Identifier: AGPL-3.0-or-later
// The checks of browser.mjs find what is wrong: faults are planted in a good page.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../wire/client.mjs';
import { newFolder } from '../wire/server.mjs';
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
import { Links } from './links.mjs';
import { allLooks, assertSound, pairwiseLooks } from './looks.mjs';

let browser;
let server;

before(async () => {
  server = await serve(newFolder());
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const plant = (page, html) =>
  page.evaluate((added) => document.querySelector('main').insertAdjacentHTML('beforeend', added), html);

// The home page with HTML added at its end.
async function openWith(html) {
  const page = await openPage(browser, server);
  await page.goto('/');
  await plant(page, html);
  return page;
}

test('a picture without words and a field without a label are found', async () => {
  const page = await openWith('<img src="/favicon.ico"><input name="nobody-knows">');
  await assert.rejects(assertAccessible(page), /image-alt.*|label/);
  await page.context().close();
});

test('words that can hardly be read are found', async () => {
  const page = await openWith('<p class="button">Pale</p>');
  await page.$eval('p.button', (element) => (element.style.color = '#fff'));
  await assert.rejects(assertReadable(page), /color-contrast/);
  await page.context().close();
});

test('what is wider than the window is found', async () => {
  const page = await openWith('<p id="wide">Wide</p>');
  await page.$eval('#wide', (element) => (element.style.width = '200vw'));
  await assert.rejects(assertNoOverflow(page), /too wide/);
  await page.context().close();
});

test('a fault of one look alone is found by who takes that look', async () => {
  const page = await openWith('<p id="pale">Pale</p>');
  const style = '@media (max-width: 400px) and (prefers-color-scheme: dark) { #pale { color: #222 } }';
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, style);
  const [last] = allLooks.slice(-1);
  await assertSound(page, 'fr', allLooks.slice(0, -1));
  await assert.rejects(assertSound(page, 'fr', [last]), /color-contrast: #pale/);
  await page.context().close();
});

test('two languages take opposite looks of a page, and its neighbours other ones', () => {
  for (const n of allLooks.keys()) {
    const [[fr], [en]] = ['fr', 'en'].map((lang) => pairwiseLooks(lang, n));
    assert.ok(fr.size !== en.size && fr.colorScheme !== en.colorScheme);
  }
  const taken = ['fr', 'en'].map((lang) => new Set([0, 1, 2, 3].flatMap((n) => pairwiseLooks(lang, n))));
  assert.deepEqual(taken.map((looks) => looks.size), [4, 4]);
});

test('a link or a form that leads nowhere is found', async () => {
  const links = await Links.of(server);
  for (const [html, says] of Object.entries({
    '<a href="/nowhere">Nowhere</a>': /404 .*\/nowhere/,
    '<a href="#nothing">Nothing</a>': /no part #nothing/,
    '<a href="/campaigns#nothing">Nothing there</a>': /no part #nothing of .*\/campaigns/,
    '<form method="post" action="/campaigns/haie/nowhere"></form>': /no route for post/,
  })) {
    const page = await openPage(browser, server, { expected: [404] });
    await page.goto('/');
    await links.check(page);
    await plant(page, html);
    await assert.rejects(links.check(page), says);
    await closePage(page);
  }
});

test('HTML that is none is found', async () => {
  const folder = newFolder();
  const path = join(folder, 'bad.html');
  writeFileSync(path, '<!doctype html><html lang="en"><title>Bad</title><p><big>No</big><p id=a><p id=a>');
  await assert.rejects(assertValidHtml([path]), /obsolete|Duplicate ID/);
  rmSync(folder, { recursive: true });
});

test('a page that asks another host, or breaks its policy, or is missing, is found', async () => {
  for (const html of [
    '<img alt="" src="http://127.0.0.2:9/pixel.gif">',
    '<p style="color: red">Inline</p>',
    '<img alt="" src="/nowhere.gif">',
  ]) {
    const page = await openWith(html);
    await until(`trouble with ${html}`, () => page.troubles.length > 0);
    await assert.rejects(closePage(page), assert.AssertionError);
  }
});
