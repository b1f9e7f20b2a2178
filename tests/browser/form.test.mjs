// SPDX-License-Identifier: AGPL-3.0-or-later
// The sign-up form when something is wrong, and for those who use no mouse: in both languages, with
// JavaScript and without.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, campaign, campaignData, takePart, until } from '../wire/client.mjs';
import { assertNoOverflow, closePage, launch, openPage, serve } from './browser.mjs';
import { codeOf, newestMail, signUp } from './stranger.mjs';

const DAY_MS = 24 * 60 * 60 * 1000;
const instant = (ms) => new Date(ms).toISOString().replace(/\.\d+/, '');
const startsAt = Date.now();
const says = {
  fr: {
    empty: /remplir/,
    email: /anne@example\.org/,
    date: /créneau/,
    full: /places sont prises/,
    closed: /date limite/,
  },
  en: {
    empty: /fill/,
    email: /anne@example\.org/,
    date: /date/,
    full: /places are taken/,
    closed: /deadline/,
  },
};
const runs = ['fr', 'en'].flatMap((lang) => [true, false].map((script) => ({ lang, script })));
const idOf = ({ lang, script }) => `${lang}-${script ? 'script' : 'plain'}`;
const smallOf = (run) => `petite-${idOf(run)}`;
const emailOf = (run, name) => `${name}@${idOf(run)}.example.org`;
const named = ({ lang, script }) =>
  `${lang === 'fr' ? 'in French' : 'in English'}, ${script ? 'with' : 'without'} JavaScript`;
const TABS_MAX = 60;
let browser;
let server;
let clock;

before(async () => {
  const data = await campaignData({ slug: 'haie', sessions: 2 });
  for (const run of runs) await campaignData({ data, slug: smallOf(run), capacity: 2, minimum: 1 });
  clock = join(data, 'clock');
  writeFileSync(clock, instant(startsAt));
  server = await serve(data, ['--test-clock', clock]);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = ({ lang, script }, options = {}) =>
  openPage(browser, server, {
    locale: lang === 'fr' ? 'fr-FR' : 'en-GB',
    javaScriptEnabled: script,
    ...options,
  });

// The summary is there and has the focus, so that it is read aloud and seen first.
async function assertSummary(page) {
  const focused = await page.evaluate(() => document.activeElement.className);
  assert.equal(focused, 'errors');
  assert.equal(await page.getAttribute('.errors', 'role'), 'alert');
}

// The field says itself what is wrong with it, to eyes and to readers.
async function assertFieldError(page, name, sentence) {
  const field = page.locator(`#sign-up-${name}`);
  const ids = (await field.getAttribute('aria-describedby')).split(' ');
  const texts = await Promise.all(ids.map((id) => page.textContent(`#${id}`)));
  assert.match(texts.join(' '), sentence);
  if (name !== 'session') assert.equal(await field.getAttribute('aria-invalid'), 'true');
}

// Leaves a form with everything wrong that can be, but for the party and the box.
async function sendWrong(page) {
  await page.goto('/campaigns/haie');
  await page.fill('[name=first_name]', '  ');
  await page.fill('[name=email]', 'amélie chez exemple');
  await page.selectOption('[name=party]', '3');
  await page.check('[name=show_name]');
  await page.click('#sign-up button');
  await page.waitForSelector('.errors');
}

// Tab until the wanted element has the focus, which must be seen.
async function tabTo(page, selector) {
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
    if (!here) continue;
    const outline = await page.evaluate(() => {
      const focused = document.activeElement;
      const shown = focused.matches('.choice input') ? focused.closest('.choice') : focused;
      return [focused, shown].map((element) => getComputedStyle(element).outlineStyle).join(' ');
    });
    assert.match(outline, /solid|auto/, `the focus on ${selector} is seen`);
    return;
  }
  assert.fail(`Tab never comes to ${selector}`);
}

for (const run of runs) {
  const { lang, script } = run;

  test(`what is wrong is said beside its field: ${named(run)}`, async () => {
    const page = await open(run, { expected: [422] });
    await sendWrong(page);
    await assertSummary(page);
    await assertFieldError(page, 'session', says[lang].date);
    await assertFieldError(page, 'first_name', says[lang].empty);
    await assertFieldError(page, 'email', says[lang].email);
    await page.click('.errors a[href$="#sign-up-email"]');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'sign-up-email');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertNoOverflow(page);
    await closePage(page);
  });

  test(`what was typed is kept: ${named(run)}`, async () => {
    const page = await open(run, { expected: [422] });
    await sendWrong(page);
    assert.equal(await page.inputValue('[name=email]'), 'amélie chez exemple');
    assert.equal(await page.inputValue('[name=party]'), '3');
    assert.ok(await page.isChecked('[name=show_name]'));
    await signUp(page, { name: 'Amélie', email: emailOf(run, 'amelie'), session: 1 });
    await closePage(page);
  });

  test(`the last places go while the form is filled in: ${named(run)}`, async () => {
    const page = await open(run, { expected: [409] });
    const slug = smallOf(run);
    await page.goto(`/campaigns/${slug}`);
    await takePart(server, slug, { email: emailOf(run, 'bilal'), party: 2 });
    await page.fill('[name=first_name]', 'Amélie');
    await page.fill('[name=email]', emailOf(run, 'amelie'));
    await page.click('#sign-up button');
    await page.waitForSelector('.errors, #sign-up:not(:has(form))');
    assert.match(await page.textContent('#sign-up'), says[lang].full);
    await page.goto(`/campaigns/${slug}`);
    assert.match(await page.textContent('#sign-up'), says[lang].full);
    assert.equal(await page.locator('#sign-up form').count(), 0);
    await closePage(page);
  });

  test(`signing up takes no mouse: ${named(run)}`, async () => {
    const page = await open(run);
    await page.goto('/campaigns/haie');
    await tabTo(page, '.skip');
    await page.keyboard.press('Enter');
    await tabTo(page, '#sign-up [type=radio]');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, '#sign-up-first_name');
    await page.keyboard.type('Inès');
    await tabTo(page, '#sign-up-email');
    await page.keyboard.type(emailOf(run, 'ines'));
    await tabTo(page, '#sign-up-party');
    await page.keyboard.press('2');
    await tabTo(page, '#sign-up-show_name');
    await page.keyboard.press('Space');
    await tabTo(page, '#sign-up button');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sent\?h=/);
    await tabTo(page, '[name=code]');
    await page.keyboard.type(codeOf(await newestMail(server, emailOf(run, 'ines'))));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/sign-ups\/\w+$/);
    const { state, first_name, party } = (await ask(server, new URL(page.url()).pathname)).body;
    assert.deepEqual({ state, first_name, party }, { state: 'confirmed', first_name: 'Inès', party: 2 });
    await closePage(page);
  });
}

// The last one, for time does not go back: it closes all campaigns.
test('a deadline that passes while the form is filled in is told', async () => {
  const pages = [];
  for (const run of runs) {
    const page = await open(run, { expected: [409] });
    await page.goto('/campaigns/haie');
    pages.push([page, says[run.lang].closed]);
  }
  writeFileSync(clock, instant(startsAt + 8 * DAY_MS));
  await until('closed', async () => (await campaign(server)).state !== 'open');
  for (const [page, closed] of pages) {
    await page.bringToFront();
    await page.fill('[name=first_name]', 'Amélie');
    await page.fill('[name=email]', 'amelie@example.org');
    await page.locator('[name=session]').first().check();
    await page.click('#sign-up button');
    await page.waitForSelector('.errors, #sign-up:not(:has(form))');
    assert.match(await page.textContent('#sign-up'), closed);
    assert.equal(await page.locator('#sign-up form').count(), 0);
    await closePage(page);
  }
});
