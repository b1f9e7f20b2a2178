// SPDX-License-Identifier: AGPL-3.0-or-later
// The looks of a page, wide and narrow, light and dark, and whether it is sound in them.
import assert from 'node:assert/strict';
import { assertAccessible, assertNoOverflow } from './browser.mjs';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 320, height: 640 };

export const allLooks = [WIDE, NARROW].flatMap((size) =>
  ['light', 'dark'].map((colorScheme) => ({ size, colorScheme })),
);

// One look for the n-th page, in this language, and the opposite one in the other: so that each page
// is seen in each width and in each colour scheme, and over the pages each pair of them is met.
export function pairwiseLooks(lang, n) {
  const i = n % allLooks.length;
  return [allLooks[lang === 'fr' ? i : allLooks.length - 1 - i]];
}

// Leaves the page wide. `more` is asked in each look as well.
export async function assertSound(page, lang, looks, more = async () => {}) {
  assert.equal(await page.getAttribute('html', 'lang'), lang, page.url());
  for (const { size, colorScheme } of looks) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await assertAccessible(page);
    await more(page);
  }
  await page.setViewportSize(NARROW);
  await assertNoOverflow(page);
  await page.setViewportSize(WIDE);
}
