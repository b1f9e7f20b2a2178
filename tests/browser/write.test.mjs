// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing a campaign on a telephone, with and without a script: one step shows at a time, nothing
// typed is lost on the way, and a session moves only after one has heard whom that touches.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demoData } from '../wire/server.mjs';
import { closePage, launch, openPage, serve } from './browser.mjs';
import { TOGETHER } from './places.mjs';
import { becomeAdministrator } from './stranger.mjs';

const PHONE = { width: 360, height: 740 };
const STEPS = ['what', 'who', 'where', 'goal', 'when', 'places'];
let browser;
let server;
let signedIn; /* cookies of the administrator */

before(async () => {
  server = await serve(await demoData());
  browser = await launch();
  const page = await openPage(browser, server);
  await becomeAdministrator(page, server);
  signedIn = await page.context().storageState();
  await closePage(page);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const shown = (page) =>
  page.$$eval('.asked > .box', (steps) =>
    steps.filter((step) => step.checkVisibility()).map((step) => step.id),
  );

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without';

  test(`a campaign is written step by step on a telephone, ${how} a script`, async () => {
    const page = await openPage(browser, server, {
      viewport: PHONE,
      javaScriptEnabled,
      storageState: signedIn,
    });
    await page.goto('/campaigns/new');
    await page.click('main .card button');
    await page.waitForURL(/\/edit$/);
    await page.fill('[name=title]', `Une haie ${how}`);
    for (const step of STEPS) {
      assert.deepEqual(await shown(page), [step]);
      assert.equal(await page.locator('#next').isVisible(), false); /* not before the last step */
      if (step === 'where') await page.fill('[name=place]', 'Verger partagé');
      if (step === 'goal') {
        await page.click('.write-steps a[href="#what"]'); /* and back again: nothing is lost */
        await page.fill('[name=summary]', 'Ensemble.');
        await page.click('.write-steps a[href="#goal"]');
      }
      await page.click(`#${step} .step button`);
      await page.waitForLoadState();
    }
    assert.deepEqual(await shown(page), []);
    assert.equal(await page.locator('#next a[href$="/publish"]').isVisible(), true);
    await page.click('#next > .actions a');
    await page.waitForLoadState();
    assert.equal(new URL(page.url()).pathname, `/campaigns/une-haie-${how}`);
    const text = await page.innerText('main');
    for (const words of [`Une haie ${how}`, 'Ensemble.', 'Verger partagé', 'brouillon'])
      assert.ok(text.toLowerCase().includes(words.toLowerCase()), words);
    await closePage(page);
  });
}

test('a wide screen shows all questions, and a refused form as well', async () => {
  const page = await openPage(browser, server, { storageState: signedIn, expected: [422] });
  await page.goto('/campaigns/une-haie-with/edit');
  assert.deepEqual(await shown(page), STEPS);
  await page.setViewportSize(PHONE);
  await page.fill('[name=title]', '');
  await page.click('#what .step button');
  await page.waitForSelector('.errors');
  assert.equal(await page.locator('#places').isVisible(), true);
  await page.click('.errors a');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'title');
  await closePage(page);
});

test('a session that people are in moves in two steps', async () => {
  const page = await openPage(browser, server, { storageState: signedIn, expected: [422] });
  await page.goto(`/campaigns/${TOGETHER}/edit/sessions`);
  await page.click('.rows a');
  const before = await page.inputValue('[name=starts]');
  await page.fill('[name=ends]', before.replace(/T.*/, 'T23:30'));
  await page.click('form:has([name=sure]) button');
  await page.waitForSelector('#session-sure-error');
  await page.check('[name=sure]');
  await page.click('form:has([name=sure]) button');
  await page.waitForURL(/\/edit\/sessions$/);
  assert.ok((await page.innerText('.rows')).includes('23:30'));
  await closePage(page);
});
