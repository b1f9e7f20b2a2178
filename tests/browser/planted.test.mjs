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

// The home page with HTML added at its end.
async function openWith(html) {
  const page = await openPage(browser, server);
  await page.goto('/');
  await page.evaluate((added) => document.querySelector('main').insertAdjacentHTML('beforeend', added), html);
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
