// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures of every page, to be looked at by a person: ESSAIM_SHOTS=FOLDER script/test browser
// writes them, for a telephone and a wide screen, in both languages, light and dark.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, ownPath, takePart } from '../wire/client.mjs';
import { demoData } from '../wire/server.mjs';
import { closePage, launch, openPage, serve } from './browser.mjs';
import { codeOf, newestMail, ownLink, signUp } from './stranger.mjs';

const folder = process.env.ESSAIM_SHOTS;
const SLUG = 'deux-heures-ensemble';
const ONLINE = 'du-balai-les-vieux-e-mails';
let browser;

before(async () => {
  if (folder) browser = await launch();
});

after(async () => {
  await browser?.close();
});

// Signs up by the form; gives what is to be photographed of it.
async function makeSignUp(page, server, email) {
  await page.goto(`/campaigns/${SLUG}`);
  await signUp(page, { name: 'Camille', email, party: 3, session: 1, showName: true });
  const mail = await newestMail(server, email);
  return { sent: page.url(), own: ownLink(mail), code: codeOf(mail), mail };
}

// The pages, with the way to each.
async function pagesOf(page, server) {
  const pending = await makeSignUp(page, server, 'camille@example.org');
  const confirmed = await makeSignUp(page, server, 'sacha@example.org');
  await page.goto(confirmed.sent);
  await page.fill('[name=code]', confirmed.code);
  await page.click('main form button');
  const share = new URL(await page.inputValue('#share'));
  await page.goto(share.pathname + share.search);
  await signUp(page, { name: 'Lou', email: 'lou@example.org', session: 2 });
  await newestMail(server, 'lou@example.org');
  await ask(server, `${await ownPath(server, 'lou@example.org')}/confirm`, { fields: {} });
  const cancelled = await takePart(server, ONLINE, { email: 'noe@example.org' });
  await ask(server, `${cancelled}/cancel`, { fields: {} });
  const mail = await newestMail(server, 'sacha@example.org', 2);
  const badForm = async () => {
    await page.goto(`/campaigns/${SLUG}`);
    await page.fill('[name=email]', 'camille chez exemple');
    await page.click('#sign-up button');
  };
  const badCode = async () => {
    await page.goto(pending.sent);
    await page.fill('[name=code]', '12');
    await page.click('main form button');
  };
  return {
    home: '/',
    list: '/campaigns',
    'list-none': '/campaigns?q=zeppelin',
    campaign: `/campaigns/${SLUG}`,
    'campaign-errors': badForm,
    'campaign-online': `/campaigns/${ONLINE}`,
    'campaign-missed': '/campaigns/la-traversee-du-lac-a-la-rame',
    'campaign-scheduled': '/campaigns/la-grande-collecte-du-quartier',
    sent: pending.sent,
    'sent-errors': badCode,
    'own-pending': pending.own,
    'own-confirmed': confirmed.own,
    'own-cancelled': cancelled,
    screen: `/campaigns/${SLUG}/screen`,
    'screen-online': `/campaigns/${ONLINE}/screen`,
    result: `/campaigns/${ONLINE}/result`,
    'result-reported': '/campaigns/repeindre-l-ecole-des-tilleuls/result',
    404: '/nowhere',
    mailbox: '/mailbox',
    mail: `/mailbox/${mail.id}`,
    'mail-confirm': `/mailbox/${pending.mail.id}`,
  };
}

for (const lang of ['fr', 'en']) {
  test(`pictures in ${lang}`, { skip: !folder }, async (t) => {
    mkdirSync(folder, { recursive: true });
    const server = await serve(await demoData({ lang, participants: 5000 }));
    t.after(() => server.stop());
    const page = await openPage(browser, server, { locale: lang, expected: [404, 422] });
    const pages = await pagesOf(page, server);
    for (const [name, way] of Object.entries(pages)) {
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: width > 600 ? 800 : 740 });
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          if (typeof way === 'string') await page.goto(way);
          else await way();
          await page.mouse.move(0, 0);
          const path = join(folder, `${name}-${lang}-${width}-${colorScheme}.png`);
          await page.screenshot({ path, fullPage: !name.startsWith('screen') });
        }
      }
    }
    await closePage(page);
  });
}
