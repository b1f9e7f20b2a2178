// SPDX-License-Identifier: AGPL-3.0-or-later
// A running server against its own OpenAPI document: each operation with each parameter and each
// field of its body at its bounds, beyond them and of a wrong type; signed out, as a member, as who
// organises and administrates. Each answer is one that the operation declares, its JSON valid; none
// is a fault; and what lies beyond a bound is refused beside its field, what lies at it is not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, ceiling, discard, mailsTo, newCrowd, takePart } from './client.mjs';
import { bounds, judge, operationFor, operationsOf, resolve, sample } from './openapi.mjs';
import { demoData, Server } from './server.mjs';

const SECONDS_MAX = 40;
// Campaigns of the demonstration: one of sessions, one that counts e-mails, one that is to come.
const SESSIONS = 'deux-heures-ensemble';
const QUANTITY = 'du-balai-les-vieux-e-mails';
const TO_COME = 'la-grande-collecte-du-quartier';
const TRIES_MAX = 3; // of what a busy machine had no time for
const inDays = (days, hour = 14) =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${hour}:00`;
const FETCHED = { 'sec-fetch-site': 'same-origin' };
// What ends other things' lives comes after all else, the most thorough last.
const LAST = [
  /\/(remove|drop|retire|withdraw|cancel|extend|send|done)$/,
  /\/administration\/(people|jobs)\/./,
  /\/administration\/settings$/,
  /\/(sign-out|logins\/end|logins\/\{handle\}\/end)$/,
];

let server, crowd, document, operations, says;
const roles = { guest: {}, member: {}, administrator: {} };
const values = {}; // of parameters: by name; or by path, then name
const right = {}; // bodies that are accepted, by "METHOD path"
// What it takes half an hour of waiting to get to: stories hold its answer against its row.
const RARE = ['confirm', 'told'].map((step) => `POST /campaigns/{slug}/organise/people/{handle}/${step}`);
const answered = new Set(); // operations whose JSON was seen
const began = performance.now();
let sent = 0;

// One request; fails when the answer is not one that is declared.
async function check(operation, path, { role = 'administrator', ...request } = {}) {
  const { method } = operation;
  const body = method === 'POST' && !request.fields ? { json: '{}' } : {};
  const headers = { ...FETCHED, ...roles[role] };
  let answer;
  for (let tries = 0; tries < TRIES_MAX && (!answer || answer.status === 503); tries++)
    answer = await ask(server, path, { crowd, method, headers, ...body, ...request });
  const type = answer.headers['content-type'] ?? '';
  const wrong = answer.status >= 500 ? 'a fault' : says(operation, { ...answer, type });
  sent++;
  if (answer.status < 300 && type === 'application/json') answered.add(nameOf(operation));
  const what = `${method} ${path.slice(0, 200)} as ${role}, ${JSON.stringify(request).slice(0, 300)}`;
  assert.ok(!wrong, `${what}: ${wrong}\n${answer.text.slice(0, 500)}`);
  return answer;
}

const nameOf = ({ method, path }) => `${method} ${path}`;

function pathOf({ path }, instead = {}) {
  return path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(instead[name] ?? values[path]?.[name] ?? values[name] ?? 'aaaaaaaaaaaa'),
  );
}

function schemaOf(operation) {
  return resolve(document, operation.requestBody?.content['application/json'].schema);
}

// A body with what must be there, as it is accepted where that is known; and one field as given.
function bodyOf(operation, field = {}) {
  const { required, properties } = schemaOf(operation);
  const least = Object.fromEntries(required.map((name) => [name, sample(properties[name])]));
  return JSON.stringify({ ...least, ...right[nameOf(operation)], ...field });
}

function plain(operation) {
  const query = operation.parameters.filter(({ name }) => name === 'h').length ? `?h=${values.h}` : '';
  const body = operation.method === 'GET' ? {} : { json: schemaOf(operation) ? bodyOf(operation) : '{}' };
  return [pathOf(operation) + query, body];
}

const rank = ({ path }) => LAST.findIndex((one) => one.test(path)) + 1;

before(async () => {
  server = await Server.start({ data: await demoData({ participants: 30 }) });
  crowd = newCrowd(4);
  document = (await ask(server, '/api/openapi.json')).body;
  operations = operationsOf(document).sort((a, b) => rank(a) - rank(b));
  says = judge(document);
  await prepare();
});
after(() => discard(server));

async function post(path, fields, role = 'administrator') {
  const answer = await check(operationFor(operations, 'POST', path), path, { fields, role });
  assert.ok(answer.status < 400, `${path}: ${answer.text}`);
  return answer;
}

const get = async (path) => (await ask(server, path, { headers: roles.administrator })).body;

const cookieOf = (answer) => ({
  cookie: answer.headers['set-cookie'].map((one) => one.split(';')[0]).join('; '),
});

async function linkOf(email, part) {
  for (const mail of await mailsTo(server, email))
    for (const link of mail.links) if (link.includes(part)) return new URL(link).pathname;
  assert.fail(`no mail to ${email} has a link with ${part}`);
}

const last = (path) => path.split('/').at(-1);

async function codeOf(email) {
  return (await mailsTo(server, email))[0].text.match(/\b\d{6}\b/)[0];
}

async function signIn(role, email) {
  roles[role] = cookieOf(await post('/sign-in', { email }, 'guest'));
  roles[role] = cookieOf(await post('/sign-in/code', { code: await codeOf(email) }, role));
}

// Somebody for each role; and for each kind of address something that is behind it.
async function prepare() {
  const first = new URL(readFileSync(join(server.data, 'first-link'), 'utf8').trim()).pathname;
  const ada = { name: 'Ada', email: 'ada@example.org' };
  roles.administrator = cookieOf(await post(first, ada, 'guest'));
  await signIn('member', 'membre@example.org');
  await prepareCampaigns();
  await prepareAddresses();
  await prepareMails();
  await prepareBodies();
}

// A draft as its page would send it back, with what it lacks.
async function draft(role) {
  const { template } = (await get('/campaigns/new')).items[0];
  const { slug } = (await post('/campaigns', { template }, role)).body;
  const written = await get(`/campaigns/${slug}/edit`);
  const kept = Object.entries(written).filter(([, value]) => value !== null);
  const place = { place: 'Ici', organiser_email: 'ada@example.org' };
  right['POST /campaigns'] = { template };
  right['POST /campaigns/{slug}/edit'] = { ...Object.fromEntries(kept), ...place };
  await post(`/campaigns/${slug}/edit`, right['POST /campaigns/{slug}/edit'], role);
  return slug;
}

// Two that a member has sent in, and one that is still being written.
async function prepareCampaigns() {
  values.slug = SESSIONS;
  for (const step of ['approve', 'send-back']) {
    values[`/campaigns/{slug}/${step}`] = { slug: await draft('member') };
    await post(`/campaigns/${values[`/campaigns/{slug}/${step}`].slug}/publish`, { when: 'now' }, 'member');
  }
  for (const step of ['edit', 'publish']) // another title gives the former another slug
    values[`/campaigns/{slug}/${step}`] = { slug: await draft('administrator') };
  for (const { path } of operations)
    if (/report|result|claims|factors|done|extend/.test(path)) values[path] = { slug: QUANTITY };
  values['/campaigns/{slug}/cancel'] = { slug: TO_COME };
  right['POST /campaigns/{slug}/publish'] = { when: 'now' };
  right['POST /campaigns/{slug}/extend'] = { closes: inDays(150) };
}

async function prepareAddresses() {
  const edit = '/campaigns/{slug}/edit/sessions';
  const home = await ask(server, '/', { headers: { accept: 'text/html' } });
  values.file = home.text.match(/\/assets\/([\w.-]+)/)[1];
  values.session = (await get(`/campaigns/${SESSIONS}/edit/sessions`)).items.at(-1).id;
  const dates = { starts: inDays(100), ends: inDays(100, 16), time_zone: 'Europe/Paris' };
  for (const step of ['', '/{session}']) right[`POST ${edit}${step}`] = { ...dates, sure: true };
  right[`POST ${edit}/{session}/copies`] = { starts: inDays(101), times: 1 };
  const sessions = (await post(`/campaigns/${SESSIONS}/edit/sessions`, dates)).body.items;
  values[`${edit}/{session}/remove`] = { session: sessions.at(-1).id };
  const people = await get(`/campaigns/${SESSIONS}/organise/people`);
  for (const step of ['', '/remove'])
    values[`/campaigns/{slug}/organise/people/{handle}${step}`] = { handle: people.items[0].handle };
  await post('/administration/people', { email: 'offre@example.org', role: 'facilitator' });
  const { items, offers } = await get('/administration/people');
  values.person = items.find(({ email }) => email === 'membre@example.org').id;
  values.offer = offers[0].id;
}

async function prepareMails() {
  const camille = { email: 'camille@example.org', session: values.session };
  values.token = last(await takePart(server, SESSIONS, camille));
  values.id = (await mailsTo(server, camille.email)).find((one) => one.attachments.length).id;
  const settings = (await linkOf(camille.email, '/mail/')).split('/')[2];
  values.kind = (await get(`/mail/${settings}`)).lists[0].name;
  for (const { path } of operations)
    if (path.startsWith('/mail/')) values[path] = { token: settings };
  await post('/sign-in', { email: 'encore@example.org' }, 'guest');
  const link = await linkOf('encore@example.org', '/sign-in/link/');
  values['/sign-in/link/{token}'] = { token: last(link) };
  await post('/my-data', { email: 'encore@example.org', from: '' }, 'guest');
  const data = last(await linkOf('encore@example.org', '/my-data/'));
  for (const { path } of operations)
    if (path.startsWith('/my-data/{')) values[path] = { token: data };
  await post(`/campaigns/${SESSIONS}/organise/team`, { email: 'equipe@example.org' });
  values['/invitations/{token}'] = { token: last(await linkOf('equipe@example.org', '/invitations/')) };
  const token = last(await takePart(server, QUANTITY, { email: 'paule@example.org' }));
  await post(`/campaigns/${QUANTITY}/reports`, { quantity: 12, token }, 'guest');
  const { items } = await get(`/campaigns/${QUANTITY}/organise/reports`);
  values['/campaigns/{slug}/organise/reports/{report}'] = { slug: QUANTITY, report: items[0].id };
  right['POST /campaigns/{slug}/reports'] = { quantity: 12, token };
}

async function prepareBodies() {
  const { session } = values;
  const person = { first_name: 'Lou', party: 1, session };
  const asked = { ...person, email: 'louison@example.org' };
  values.h = (await post(`/campaigns/${SESSIONS}/sign-ups`, asked, 'guest')).body.handle;
  right['POST /campaigns/{slug}/sign-ups'] = asked;
  right['POST /campaigns/{slug}/sent'] = { h: values.h, code: await codeOf(asked.email) };
  right['POST /sign-ups/{token}/change'] = { party: 1, session };
  right['POST /campaigns/{slug}/organise/people'] = person;
  right['POST /campaigns/{slug}/organise/people/{handle}'] = person;
  const words = { subject: 'Merci', body: 'Merci à vous.' };
  const messages = `/campaigns/${SESSIONS}/organise/message`;
  const { id } = (await post(messages, words)).body;
  await post(`${messages}/send`, { message: id });
  right['POST /campaigns/{slug}/organise/message'] = words;
  values['/campaigns/{slug}/organise/message/{handle}'] = { handle: id };
}

// What each role gets: who is signed out is told to sign in where one must be.
async function asEach(operation) {
  const [path, body] = plain(operation);
  const wantsLogin = !operation.security.some((one) => Object.keys(one).length === 0);
  const guest = await check(operation, path, { role: 'guest', ...body });
  if (wantsLogin) assert.equal(guest.status, 401, `${nameOf(operation)} signed out`);
  await check(operation, path, { role: 'member', ...body });
  return check(operation, path, body);
}

// Each parameter as short and as long as it may be, longer, and as no text at all.
async function parameters(operation) {
  const [path, body] = plain(operation);
  // What all share is tried on one page.
  const own = operation.parameters.filter(({ $ref }) => !$ref || operation.path === '/');
  for (const declared of own) {
    const { name, in: place, schema } = resolve(document, declared);
    const long = 'a'.repeat(schema.maxLength);
    for (const text of [sample(schema), long, `${long}a`, '1.5', 'é/']) {
      const inPath = place === 'path';
      const query = `${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(text)}`;
      await check(operation, inPath ? pathOf(operation, { [name]: text }) : path + query, body);
    }
    if (place === 'query')
      assert.equal((await check(operation, `${path.split('?')[0]}?${name}=%ff`, body)).status, 400);
  }
}

// Each field at its bounds and beyond, and as a list. Gives the fields that never were refused.
async function fields(operation) {
  const schema = schemaOf(operation);
  const path = pathOf(operation);
  const silent = [];
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    const cases = bounds(field, schema.required.includes(name));
    const words = {};
    for (const { value, fits } of cases) {
      const answer = await check(operation, path, { json: bodyOf(operation, { [name]: value }) });
      const said = answer.body?.errors?.[name];
      const what = `${nameOf(operation)}: ${name} = ${JSON.stringify(value).slice(0, 80)}`;
      if (!fits) assert.ok(answer.status >= 400, `${what} is accepted`);
      (words[fits] ??= []).push({ said, what });
    }
    const refused = (words.false ?? []).map(({ said }) => said).filter(Boolean);
    // A handle that nothing has is refused in the same words as one that is too long.
    for (const { said, what } of field.pattern ? [] : (words.true ?? []))
      assert.ok(!said || !refused.includes(said), `${what} is refused as what is beyond: ${said}`);
    if (words.false && refused.length === 0) silent.push(`${nameOf(operation)} ${name}`);
    const list = await check(operation, path, { json: bodyOf(operation, { [name]: [] }) });
    assert.ok([400, 404].includes(list.status), `${nameOf(operation)}: ${name} as a list`);
  }
  return silent;
}

// First: the sweep below signs everybody out at its end.
test('a document that says something wrong is found', async () => {
  const sound = { document, says };
  const find = (wanted) => operations.find((operation) => nameOf(operation) === wanted);
  const finds = async (why, spoil, run) => {
    document = structuredClone(sound.document);
    spoil(document.components.schemas);
    says = judge(document);
    await assert.rejects(run, { code: 'ERR_ASSERTION' }, why);
    ({ document, says } = sound);
    await run();
  };
  const campaign = find('GET /campaigns/{slug}');
  const reads = () => check(campaign, `/campaigns/${QUANTITY}`);
  await finds('a type', ({ campaign: { properties } }) => (properties.slug.type = 'integer'), reads);
  const readsOther = () => check(campaign, `/campaigns/${SESSIONS}`);
  await finds('a null', ({ goal: { properties } }) => (properties.target.type = 'integer'), readsOther);
  await finds('a word', ({ campaign: { properties } }) => properties.state.enum.splice(3, 1), reads);
  await finds('a field too few', ({ session: { properties } }) => delete properties.left, readsOther);
  await finds('a field too many', ({ campaign: { required } }) => required.push('colour'), reads);
  const account = find('POST /account');
  const sends = () => fields(account);
  await finds('a bound too high', (all) => all['form.account'].properties.name.maxLength++, sends);
  await finds('a bound too low', (all) => all['form.account'].properties.name.maxLength--, sends);
  const { 404: _, ...others } = campaign.responses;
  const missing = { ...campaign, responses: others };
  await assert.rejects(check(missing, '/campaigns/nowhere'), { code: 'ERR_ASSERTION' });
});

// The operations that have JSON of their own.
const haveJson = () =>
  operations.filter(({ responses }) =>
    [200, 201, 202].some((status) => responses[status]?.content?.['application/json']),
  );

test('each operation answers as it declares, whoever asks and whatever is sent', async () => {
  const silent = [];
  for (const operation of operations.filter(({ path }) => !path.endsWith('/live'))) {
    await asEach(operation);
    await parameters(operation);
    silent.push(...(await fields(operation)));
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(`${operations.length} operations, ${sent} requests, ${seconds.toFixed(1)} s`);
  const unseen = haveJson()
    .map(nameOf)
    .filter((name) => !answered.has(name) && !RARE.includes(name));
  assert.deepEqual(unseen, [], 'their JSON was never seen');
  assert.deepEqual(silent, [], 'these were never refused beside their field');
  assert.ok(1000 * seconds < ceiling(1000 * SECONDS_MAX), `${seconds} s`);
});

test('the stream is one of events', async () => {
  const controller = new AbortController();
  const answer = await server.fetch(`/campaigns/${SESSIONS}/live`, { signal: controller.signal });
  const [live] = operations.filter(({ path }) => path.endsWith('/live'));
  const type = answer.headers.get('content-type');
  controller.abort();
  assert.equal(says(live, { status: answer.status, type, text: '' }), undefined);
});
