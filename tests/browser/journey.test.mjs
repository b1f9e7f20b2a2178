// SPDX-License-Identifier: AGPL-3.0-or-later
// The stranger's journey, from the list of campaigns to a cancelled coming: with JavaScript and
// without, in French and in English, confirming by the mail's link and by its code. Two more pages
// are open meanwhile, the campaign's and the big screen, and are never loaded again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { campaign, campaignData, ceiling, mailsTo, takePart, until } from '../wire/client.mjs';
import { closePage, launch, openPage, serve } from './browser.mjs';
import { codeOf, newestMail, signUp } from './stranger.mjs';

const CAPACITY = 8;
const MINIMUM = 6;
const COUNT_MS = 1_000;
const words = {
  fr: { rank: /\b1re\b/, isOn: 'C’est parti' },
  en: { rank: /\b1st\b/, isOn: 'It is on' },
};
const runs = ['fr', 'en'].flatMap((lang) =>
  [true, false].map((javaScript) => ({ lang, javaScript, byCode: (lang === 'fr') === javaScript })),
);
const slugOf = ({ lang, javaScript }) => `haie-${lang}-${javaScript ? 'script' : 'plain'}`;
let browser;
let server;

before(async () => {
  let data;
  for (const run of runs) {
    const options = { slug: slugOf(run), capacity: CAPACITY, minimum: MINIMUM, sessions: 2 };
    data = await campaignData({ data, ...options });
  }
  server = await serve(data);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// A page that only looks on, and has heard of the present count.
async function watch(path) {
  const page = await openPage(browser, server);
  const following = page.waitForRequest(/\/live$/);
  await page.goto(path);
  await following;
  return page;
}

// Does something; resolves to the time until all watching pages show `count`, counted from its end.
async function whileWatched(watchers, count, act) {
  const shown = watchers.map((page) =>
    page.waitForFunction(
      (n) => document.querySelector('.count').textContent === String(n),
      count,
      { polling: 20 },
    ),
  );
  await act();
  const began = Date.now();
  await Promise.all(shown);
  const ms = Date.now() - began;
  assert.ok(ms <= ceiling(COUNT_MS), `the count of ${count} came after ${ms} ms`);
  return ms;
}

async function confirmByCode(page, mail) {
  await page.fill('[name=code]', codeOf(mail));
  await page.click('main form button');
  await page.waitForURL(/\/sign-ups\/\w+$/);
  return page;
}

// From the mailbox, as a reader of the mail would: its link opens one's own page.
async function openFromMail(page, email) {
  const mailbox = await page.context().newPage();
  await mailbox.goto(`/mailbox?to=${encodeURIComponent(email)}`);
  await mailbox.click('.mails a');
  const link = mailbox.frameLocator('.mail-frame').locator('a[href*="/sign-ups/"]');
  const opened = page.context().waitForEvent('page');
  await link.click();
  const own = await opened;
  await own.waitForLoadState();
  return own;
}

async function confirmByMail(own) {
  await own.click('form[action$="/confirm"] button');
  await own.waitForSelector('form[action$="/cancel"]');
}

const left = async (slug) => (await campaign(server, slug)).sessions.map((session) => session.left);

// How many mails to that address say that it is on; waits for the first.
async function mailsOfTipping(email, says) {
  const found = async () =>
    (await mailsTo(server, email)).filter((mail) => mail.subject.startsWith(says));
  await until(`"${says}" to ${email}`, async () => (await found()).length > 0, ceiling(4_000));
  return async () => (await found()).length;
}

for (const run of runs) {
  const { lang, javaScript, byCode } = run;
  const slug = slugOf(run);
  const email = `amelie@${slug}.example.org`;
  const name = [
    lang === 'fr' ? 'in French' : 'in English',
    javaScript ? 'with JavaScript' : 'without JavaScript',
    byCode ? 'by the code' : 'by the mail’s link',
  ].join(', ');

  test(`a stranger comes, changes and cancels: ${name}`, async (t) => {
    const options = { locale: lang === 'fr' ? 'fr-FR' : 'en-GB', javaScriptEnabled: javaScript };
    const page = await openPage(browser, server, options);
    await page.goto('/campaigns');
    assert.equal(await page.getAttribute('html', 'lang'), lang);
    await page.click(`.card a[href="/campaigns/${slug}"]`);
    const watchers = [await watch(`/campaigns/${slug}`), await watch(`/campaigns/${slug}/screen`)];

    await page.bringToFront();
    await signUp(page, { name: 'Amélie', email, party: 3, session: 0, showName: true });
    const mail = await newestMail(server, email);
    assert.deepEqual(await left(slug), [CAPACITY - 3, CAPACITY]);
    let own = byCode ? page : await openFromMail(page, email);
    const confirm = () => (byCode ? confirmByCode(own, mail) : confirmByMail(own));
    const ms = await whileWatched(watchers, 3, confirm);
    assert.match(await own.textContent('h1'), words[lang].rank);

    const [first] = (await campaign(server, slug)).sessions;
    const others = { email: `bilal@${slug}.example.org`, party: 3, session: first.id };
    const othersMs = await whileWatched(watchers, MINIMUM, () => takePart(server, slug, others));
    t.diagnostic(`the count moved after ${ms} ms and ${othersMs} ms`);
    assert.equal((await campaign(server, slug)).state, 'reached');
    for (const watcher of watchers)
      assert.ok((await watcher.textContent('[data-live-to-go]')).startsWith(words.fr.isOn));
    const told = [
      await mailsOfTipping(email, words[lang].isOn),
      await mailsOfTipping(others.email, words.fr.isOn),
    ];

    await own.selectOption('[name=party]', '2');
    await own.locator('[name=session]').nth(1).check();
    await whileWatched(watchers, 5, async () => {
      await own.click('form[action$="/change"] button');
      await own.waitForLoadState();
    });
    assert.equal(await own.inputValue('[name=party]'), '2');
    assert.ok(await own.locator('[name=session]').nth(1).isChecked());
    assert.deepEqual(await left(slug), [CAPACITY - 3, CAPACITY - 2]);

    await whileWatched(watchers, 3, () => own.click('form[action$="/cancel"] button'));
    await own.waitForSelector('form[action$="/confirm"]');
    assert.deepEqual(await left(slug), [CAPACITY - 3, CAPACITY]);
    for (const count of told) assert.equal(await count(), 1);
    for (const one of [page, ...watchers]) await closePage(one);
  });
}
