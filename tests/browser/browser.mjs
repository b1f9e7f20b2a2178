// SPDX-License-Identifier: AGPL-3.0-or-later
// Debian's Chromium for one test file. Every page is watched: an error in the console, an answer of
// 400 or more that the test did not ask for, or a request to another host fails the test that closes it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { freePort, Server } from '../wire/server.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'); // each page has to read it
const vnu = require.resolve('vnu-jar/build/dist/vnu.jar');

// A server whose own address is known before it starts: the links in its mails can be followed.
export async function serve(data, options = []) {
  const listen = ['--mailbox', '--listen', `127.0.0.1:${await freePort()}`];
  return Server.start({ data, options: [...listen, ...options] });
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
    ],
  });
}

// Chromium says in the console that a page was answered with 400 or more.
const BAD_STATUS = /the server responded with a status of (\d+)/;

// A new page of a stranger: own cookies, the given size, languages and colours. `expected` are the
// statuses of 400 and more that the test asks for.
export async function openPage(browser, server, { expected = [], ...options } = {}) {
  const context = await browser.newContext({
    baseURL: server.url,
    locale: 'fr-FR',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const troubles = [];
  context.on('page', (page) => watch(page, server, expected, troubles));
  const page = await context.newPage();
  page.troubles = troubles;
  return page;
}

function watch(page, server, expected, troubles) {
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
  page.on('console', (line) => {
    const status = Number(line.text().match(BAD_STATUS)?.[1]);
    if (line.type() !== 'error' || expected.includes(status)) return;
    troubles.push(`console: ${line.text()} (${page.url()})`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${server.url}/`)) troubles.push(`goes to ${request.url()}`);
  });
}

export async function closePage(page) {
  await page.context().close();
  assert.deepEqual(page.troubles, []);
}

// Runs axe-core's rules; the page's own Content-Security-Policy holds meanwhile.
async function assertRules(page, rules) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(
    (runOnly) => globalThis.axe.run({ runOnly, resultTypes: ['violations'] }),
    rules,
  );
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
  assert.equal(told.length, 0, `${page.url()}: ${told.join('; ')}`);
}

// No breach of WCAG 2.2 A and AA that axe can see, nor of what it knows to be good practice.
export const assertAccessible = (page) =>
  assertRules(page, ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);

// All that depends on colours, for the second scheme of a page.
export const assertReadable = (page) =>
  assertRules(page, { type: 'rule', values: ['color-contrast', 'link-in-text-block'] });

// Nothing is wider than the window (WCAG 1.4.10).
export async function assertNoOverflow(page) {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(over, 0, `${page.url()} is ${over} px too wide`);
}

// The Nu checker over files or addresses, in one run of Java.
export async function assertValidHtml(places) {
  const words = ['-jar', vnu, '--errors-only', '--format', 'text', ...places];
  const done = await promisify(execFile)('java', words, { maxBuffer: 1 << 24 }).catch((e) => e);
  assert.ok(!done.code, done.stderr);
}
