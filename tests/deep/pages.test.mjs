// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page in both languages, wide and narrow, light and dark: axe and pa11y, which asks HTML
// CodeSniffer, find nothing in any of them. pa11y is handed the page as it stands, signed in or with a
// refused form in it, and does not open one of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pa11y from 'pa11y';
import { testEveryPage } from '../browser/every_page.mjs';
import { allLooks } from '../browser/looks.mjs';

// What stands in a <progress> is painted by no browser that knows it.
const SETTINGS = { standard: 'WCAG2AA', runners: ['htmlcs'], hideElements: 'progress' };

// What pa11y asks of Puppeteer's page, answered by Playwright's: the look is taken already, and what
// the console says is watched by browser.mjs.
const asPuppeteer = (page) => ({
  on: () => {},
  off: () => {},
  setUserAgent: () => {},
  setViewport: () => {},
  evaluate: (...words) => page.evaluate(...words),
});

async function assertPa11y(page) {
  const options = { browser: {}, page: asPuppeteer(page), ignoreUrl: true, ...SETTINGS };
  const { issues } = await pa11y(page.url(), options);
  const told = issues.map(({ code, message, selector }) => `${code} ${selector}: ${message}`);
  assert.deepEqual(told, [], page.url());
}

const world = testEveryPage({ looks: () => allLooks, more: assertPa11y });

test('pa11y sees what is planted', async () => {
  const { page } = world.guest;
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/');
  await assertPa11y(page);
  const planted = '<img src="/favicon.ico"><p id="pale">Pale</p><input name="nobody-knows">';
  await page.evaluate((html) => {
    document.querySelector('main').insertAdjacentHTML('beforeend', html);
    document.querySelector('#pale').style.color = '#eee';
  }, planted);
  for (const code of [/1_1_1.*H37/, /1_4_3.*G18.*#pale/, /1_3_1.*F68/])
    await assert.rejects(assertPa11y(page), code);
});
