// SPDX-License-Identifier: AGPL-3.0-or-later
// One address of every kind of page that a stranger meets, on a server with the demonstration.
import { ask, ownPath, takePart } from '../wire/client.mjs';
import { becomeAdministrator, codeOf, firstPath, newestMail, ownLink, signUp } from './stranger.mjs';

export const TOGETHER = 'deux-heures-ensemble';
export const ONLINE = 'du-balai-les-vieux-e-mails';
const MISSED = 'la-traversee-du-lac-a-la-rame';
const REPORTED = 'repeindre-l-ecole-des-tilleuls';
const BIKES = 'un-mois-a-velo';
const SCHEDULED = 'la-grande-collecte-du-quartier';

// Signs up by the form of the campaign with sessions.
async function begin(page, server, name, email) {
  await page.goto(`/campaigns/${TOGETHER}`);
  await signUp(page, { name, email, party: 3, session: 1, showName: true });
  const { pathname, search } = new URL(page.url());
  const mail = await newestMail(server, email);
  return { sent: pathname + search, own: new URL(ownLink(mail)).pathname, mail };
}

async function confirmed(page, server) {
  const begun = await begin(page, server, 'Sacha', 'sacha@example.org');
  await page.fill('[name=code]', codeOf(begun.mail));
  await page.click('main form button');
  const share = new URL(await page.inputValue('#share'));
  await page.goto(share.pathname + share.search);
  await signUp(page, { name: 'Lou', email: 'lou@example.org', session: 2, showName: true });
  const brought = await ownPath(server, 'lou@example.org');
  await ask(server, `${brought}/confirm`, { fields: {} });
  return { ...begun, mail: await newestMail(server, 'sacha@example.org', 2) };
}

const settingsPath = ({ links }) => new URL(links.find((link) => link.includes('/mail/'))).pathname;

async function cancelled(server) {
  const path = await takePart(server, ONLINE, { email: 'noe@example.org' });
  await ask(server, `${path}/cancel`, { fields: {} });
  return path;
}

// Takes part in the campaign that counts, and has told a number.
async function counted(server) {
  const path = await takePart(server, ONLINE, { email: 'ines@example.org' });
  const fields = { token: path.split('/').pop(), quantity: 1360, note: 'Ouf !' };
  await ask(server, `/campaigns/${ONLINE}/reports`, { fields });
  return path;
}

// The link of a mail that signs in, not followed.
async function askedLink(page, server) {
  await page.goto('/sign-in');
  await page.fill('[name=email]', 'sacha@example.org');
  await page.click('main form button');
  await page.waitForURL(/\/sign-in\/code$/);
  const { links } = await newestMail(server, 'sacha@example.org', 3);
  return new URL(links.find((link) => link.includes('/sign-in/link/'))).pathname;
}

// The link of a mail that opens all that is kept of an address.
async function dataLink(page, server) {
  await page.goto('/my-data');
  await page.fill('[name=email]', 'camille@example.org');
  await page.click('main form button');
  await page.waitForURL(/\/my-data\/sent$/);
  const { links } = await newestMail(server, 'camille@example.org', 2);
  return new URL(links.find((link) => link.includes('/my-data/'))).pathname;
}

// What is there until the install has an administrator.
export const makeFirstPlaces = (server) => ({ first: firstPath(server) });

// Leads people through the program so that there is something of every kind: { name: path }.
export async function makePlaces(page, server) {
  const pending = await begin(page, server, 'Camille', 'camille@example.org');
  const sure = await confirmed(page, server);
  return {
    home: '/',
    list: '/campaigns',
    'list-none': '/campaigns?q=zeppelin',
    campaign: `/campaigns/${TOGETHER}`,
    'campaign-online': `/campaigns/${ONLINE}`,
    'campaign-missed': `/campaigns/${MISSED}`,
    'campaign-scheduled': `/campaigns/${SCHEDULED}`,
    'campaign-reported': `/campaigns/${REPORTED}`,
    sent: pending.sent,
    'own-pending': pending.own,
    'own-confirmed': sure.own,
    'own-cancelled': await cancelled(server),
    'own-counted': await counted(server),
    flag: `/campaigns/${TOGETHER}/flag`,
    'flag-told': `/campaigns/${TOGETHER}/flag?told=1`,
    screen: `/campaigns/${TOGETHER}/screen`,
    'screen-online': `/campaigns/${ONLINE}/screen`,
    result: `/campaigns/${ONLINE}/result`,
    'result-reported': `/campaigns/${REPORTED}/result`,
    'result-bikes': `/campaigns/${BIKES}/result`,
    'sign-in': '/sign-in',
    'sign-in-link': await askedLink(page, server),
    'sign-in-code': '/sign-in/code',
    'sign-in-gone': '/sign-in/link/gone',
    'mail-settings': settingsPath(sure.mail),
    'mail-off': `${settingsPath(sure.mail)}/off/campaign-news`,
    'my-data': '/my-data',
    'my-data-sent': '/my-data/sent',
    'my-data-link': await dataLink(page, server),
    'my-data-gone': '/my-data/gone',
    legal: '/legal',
    privacy: '/privacy',
    terms: '/terms',
    accessibility: '/accessibility',
    404: '/nowhere',
    mailbox: '/mailbox',
    mail: `/mailbox/${sure.mail.id}`,
    'mail-confirm': `/mailbox/${pending.mail.id}`,
  };
}

// Something is said about a page: the facilitators' page has it.
async function flagged(page) {
  await page.goto(`/campaigns/${BIKES}/flag`);
  await page.check('[name=reason][value=advertising]');
  await page.fill('[name=words]', 'C’est une publicité pour un magasin de vélos.');
  await page.click('main form button');
  await page.waitForURL(/told=1/);
  return '/administration/flags';
}

// The administrator's test, and what became of it.
async function testMail(page) {
  await page.goto('/administration/mail');
  await page.click('main form button');
  await page.waitForURL(/\?test=/);
  const { pathname, search } = new URL(page.url());
  return pathname + search;
}

// One of the numbers that were told, corrected once.
async function corrected(page) {
  await page.goto(`/campaigns/${ONLINE}/organise/reports`);
  await page.click('.rows a');
  await page.fill('[name=quantity]', '1306');
  await page.fill('[name=reason]', 'Deux chiffres échangés');
  await page.click('main form button');
  await page.waitForSelector('#before-title');
  return new URL(page.url()).pathname;
}

// An invitation to lead a campaign, not followed.
async function invited(page, server) {
  await page.goto(`/campaigns/${TOGETHER}/organise/team`);
  await page.fill('[name=email]', 'lou@example.org');
  await page.click('main form.box button');
  await page.waitForSelector('.rows form');
  const { links } = await newestMail(server, 'lou@example.org', 3);
  return new URL(links.find((link) => link.includes('/invitations/'))).pathname;
}

// The page of a person that administrators see.
async function someone(page, start = '') {
  await page.goto(`/administration/people?q=${start}`);
  await page.click('.rows a');
  await page.waitForSelector('dl.facts');
  return new URL(page.url()).pathname;
}

// Begins a campaign from the first of the first drafts: its address.
export async function begun(page) {
  await page.goto('/campaigns/new');
  await page.click('main .card button');
  await page.waitForURL(/\/edit$/);
  return new URL(page.url()).pathname.replace(/\/edit$/, '');
}

// The one session of a campaign, where it is changed.
async function sessionOf(page, campaign) {
  await page.goto(`${campaign}/edit/sessions`);
  return new URL(await page.locator('.rows a').first().getAttribute('href'), page.url()).pathname;
}

// Somebody added by hand, and a message: written, looked at, sent.
async function peoplePlaces(page) {
  const lead = `/campaigns/${TOGETHER}/organise`;
  await page.goto(`${lead}/people/new`);
  await page.fill('[name=first_name]', 'Zoé');
  await page.fill('[name=note]', 'vient à vélo');
  await page.locator('[name=session]').nth(0).check();
  await page.click('main form button');
  await page.waitForURL(/\/people\/\w{12}$/);
  const person = new URL(page.url()).pathname;
  await page.goto(`${lead}/message`);
  await page.fill('[name=subject]', 'Apportez des gants');
  await page.fill('[name=body]', 'Le plan : https://example.org/plan\n\n- gants\n- bottes');
  await page.click('main form button');
  await page.waitForURL(/\/preview$/);
  await page.click('main form button');
  await page.waitForURL(/\/message\/\w{12}$/);
  const sent = new URL(page.url()).pathname;
  await page.goto(`${lead}/message`);
  await page.fill('[name=subject]', 'Encore un mot');
  await page.fill('[name=body]', 'À samedi !');
  await page.click('main form button');
  await page.waitForURL(/\/preview$/);
  return {
    participants: `${lead}/people`,
    'participants-some': `${lead}/people?state=confirmed`,
    'participants-none': `${lead}/people?q=zzz`,
    'participants-to-call': `${lead}/people?state=to-call`,
    'participants-new': `${lead}/people/new`,
    participant: person,
    'participants-day': `${lead}/list`,
    message: `${lead}/message`,
    'message-preview': `${lead}/message/preview`,
    'message-sent': sent,
  };
}

// What only who is signed in meets. The page becomes the install's administrator, whose own sign-ups
// are there as well; its places are visited with the same page: { name: path }.
export async function makeOwnPlaces(page, server) {
  await becomeAdministrator(page, server, { name: 'Sacha', email: 'sacha@example.org' });
  const draft = await begun(page);
  return {
    account: '/account',
    'write-new': '/campaigns/new',
    write: `${draft}/edit`,
    'write-saved': `${draft}/edit?saved=1`,
    'write-open': `/campaigns/${TOGETHER}/edit`,
    'write-over': `/campaigns/${REPORTED}/edit`,
    'write-without-dates': `/campaigns/${ONLINE}/edit`,
    'write-sessions': `${draft}/edit/sessions`,
    'write-sessions-none': `/campaigns/${ONLINE}/edit/sessions`,
    'write-session': await sessionOf(page, draft),
    'write-session-open': await sessionOf(page, `/campaigns/${TOGETHER}`),
    preview: draft,
    'campaign-led': `/campaigns/${TOGETHER}`,
    organise: `/campaigns/${TOGETHER}/organise`,
    ...(await peoplePlaces(page)),
    team: `/campaigns/${TOGETHER}/organise/team`,
    cancel: `/campaigns/${TOGETHER}/cancel`,
    extend: `/campaigns/${TOGETHER}/extend`,
    'extend-missed': `/campaigns/${MISSED}/extend`,
    'published-already': `/campaigns/${TOGETHER}/publish`,
    publish: `${draft}/publish`,
    approve: `${draft}/approve`,
    'send-back': `${draft}/send-back`,
    invitation: await invited(page, server),
    'sending-mails': '/administration/mail',
    'sending-a-test': await testMail(page),
    'organise-result': `/campaigns/${ONLINE}/organise/result`,
    'organise-result-closed': `/campaigns/${BIKES}/organise/result`,
    'organise-reports': `/campaigns/${ONLINE}/organise/reports`,
    'organise-report': await corrected(page),
    factors: '/administration/factors',
    administration: '/administration',
    settings: '/administration/settings',
    'legal-settings': '/administration/legal',
    people: '/administration/people',
    'people-none': '/administration/people?q=zeppelin',
    person: await someone(page),
    'one-s-own': await someone(page, 'sacha'),
    tasks: '/administration/jobs',
    'who-did-what': '/administration/audit',
    flags: await flagged(page),
    hide: `/campaigns/${BIKES}/flags/hide`,
  };
}

// The pages of a refused form, for who is signed in.
export const ownRefusals = {
  'write-errors': async (page, own) => {
    await page.goto(own.write);
    await page.fill('[name=title]', '');
    await page.click('.save button');
    await page.waitForSelector('.errors');
  },
  'write-session-errors': async (page, own) => {
    await page.goto(own['write-session-open']);
    await page.fill('[name=place]', 'Ailleurs');
    await page.click('main form button');
    await page.waitForSelector('.errors');
  },
  'write-copies-errors': async (page, own) => {
    await page.goto(own['write-session']);
    await page.fill('[name=times]', '0');
    await page.click('form[action$="/copies"] button');
    await page.waitForSelector('.errors');
  },
};

// The pages that a refused form gives: each takes the way to one, and what it answers with.
export const refusals = {
  'my-data-errors': async (page, places) => {
    await page.goto(places['my-data-link']);
    await page.click('main form button');
    await page.waitForSelector('.errors');
  },
  'flag-errors': async (page) => {
    await page.goto(`/campaigns/${TOGETHER}/flag`);
    await page.fill('[name=email]', 'camille chez exemple');
    await page.click('main form button');
    await page.waitForSelector('.errors');
  },
  'campaign-errors': async (page) => {
    await page.goto(`/campaigns/${TOGETHER}`);
    await page.fill('[name=email]', 'camille chez exemple');
    await page.click('#sign-up button');
    await page.waitForSelector('.errors');
  },
  'sign-in-errors': async (page) => {
    await page.goto('/sign-in');
    await page.fill('[name=email]', 'camille chez exemple');
    await page.click('main form button');
    await page.waitForSelector('.errors');
  },
  'report-errors': async (page, places) => {
    await page.goto(places['own-counted']);
    await page.fill('[name=quantity]', '0');
    await page.click('#report button');
    await page.waitForSelector('.errors');
  },
  'sent-errors': async (page, places) => {
    await page.goto(places.sent);
    await page.fill('[name=code]', '12');
    await page.click('main form button');
    await page.waitForSelector('.errors');
  },
};
