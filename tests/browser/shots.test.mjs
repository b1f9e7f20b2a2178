// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures of every page, to be looked at by a person: ESSAIM_SHOTS=FOLDER script/test browser
// writes them, for a telephone and a wide screen, in both languages, light and dark.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { demoData } from '../wire/server.mjs';
import { closePage, launch, openPage, serve } from './browser.mjs';
import { makeOwnPlaces, makePlaces, refusals } from './places.mjs';

const folder = process.env.ESSAIM_SHOTS;
const PEOPLE = 5000;
const sizes = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
];
let browser;

before(async () => {
  if (folder) browser = await launch();
});

after(async () => {
  await browser?.close();
});

async function takePictures(page, name, visit) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await visit();
      await page.mouse.move(0, 0);
      const path = join(folder, `${name}-${size.width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: !name.startsWith('screen') });
    }
  }
}

for (const lang of ['fr', 'en']) {
  test(`pictures in ${lang}`, { skip: !folder }, async (t) => {
    mkdirSync(folder, { recursive: true });
    const server = await serve(await demoData({ lang, participants: PEOPLE }));
    t.after(() => server.stop());
    const page = await openPage(browser, server, { locale: lang, expected: [404, 422] });
    const places = await makePlaces(page, server);
    for (const [name, path] of Object.entries(places))
      await takePictures(page, `${name}-${lang}`, () => page.goto(path));
    for (const [name, visit] of Object.entries(refusals))
      await takePictures(page, `${name}-${lang}`, () => visit(page, places));
    const own = await makeOwnPlaces(page, server);
    for (const [name, path] of Object.entries(own))
      await takePictures(page, `own-${name}-${lang}`, () => page.goto(path));
    await closePage(page);
  });
}
