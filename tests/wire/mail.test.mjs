// SPDX-License-Identifier: AGPL-3.0-or-later
// Mails over the wire, to a server that is not always kind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  ask,
  assertSound,
  campaignData,
  ceiling,
  discard,
  pause,
  signUp,
  until,
} from './client.mjs';
import { Server, essaim, newFolder, program } from './server.mjs';
import { Sink, newCertificate } from './smtp_sink.mjs';

const certificate = newCertificate();
const address = (name) => `${name}@sink.essaim.fr`;
const STOP_MS = ceiling(5_000); // whatever the mail server does
const ANSWER_MS = ceiling(1_000); // of a page, whatever the mail server does

const plain = (sink) => ['--smtp', `smtp://127.0.0.1:${sink.port}`, '--smtp-rate', '60000'];

async function newSink(t, options) {
  const sink = await Sink.start(options);
  t.after(() => sink.stop());
  return sink;
}

async function newServer(t, { data, options, ...campaign }) {
  const server = await Server.start({ data: data ?? (await campaignData(campaign)), options });
  t.after(() => discard(server));
  return server;
}

const asks = async (server, name) => {
  const answer = await signUp(server, 'haie', { email: address(name) });
  assert.equal(answer.status, 201, answer.text);
};

test('mails go over a verified line, signed in, many over one connection', async (t) => {
  for (const [tls, scheme] of [
    ['starttls', 'smtp+starttls'],
    ['tls', 'smtps'],
  ]) {
    const users = { essaim: 'très secret' };
    const sink = await newSink(t, { tls, users, certificate });
    const file = join(newFolder(), 'password');
    writeFileSync(file, 'très secret\n');
    const server = await newServer(t, {
      mails: 5,
      options: [
        ...['--smtp', `${scheme}://127.0.0.1:${sink.port}`, '--smtp-rate', '60000'],
        ...['--smtp-user', 'essaim', '--smtp-password-file', file, '--smtp-ca', certificate.path],
        ...['--mail-from', 'bonjour@essaim.fr', '--bounce-address', 'retours@essaim.fr'],
        ...['--base-url', 'https://essaim.fr'],
      ],
    });
    await until('five mails', () => sink.mails.length === 5);
    assert.equal(sink.connections, 1);
    assert.equal(new Set(sink.mails.map(({ from }) => from)).size, 5, 'each has its own sender');
    const [dotted] = sink.to('all-0@sink.essaim.fr');
    assert.match(dotted.data, /^\.\r\n\.\.et un point\.\r$/m, 'dots at the start of lines arrive');
    await asks(server, 'zoe');
    await until('one more', () => sink.to(address('zoe')).length === 1);
    const [mail] = sink.to(address('zoe'));
    assert.match(mail.from, /^retours\+[0-9a-z]{36}@essaim\.fr$/);
    assert.match(mail.data, /^From: Essaim <bonjour@essaim\.fr>\r$/m);
    assert.match(mail.data, /^Reply-To: Nadia <nadia@example\.org>\r$/m);
    assert.match(mail.id, /@essaim\.fr$/);
    assert.ok(!/secret|sink\.essaim\.fr/.test(server.log), server.log);
    assert.equal((await server.end()).status, 0);
  }
});

test('a server that is not trusted, or offers no STARTTLS, gets no mail', async (t) => {
  const other = newCertificate();
  const cases = [
    { tls: 'starttls', scheme: 'smtp+starttls', trusted: other.path },
    { tls: 'tls', scheme: 'smtps', trusted: other.path },
    { tls: 'none', scheme: 'smtp+starttls', trusted: certificate.path },
  ];
  for (const { tls, scheme, trusted } of cases) {
    const sink = await newSink(t, { tls, certificate, users: { essaim: 'secret' } });
    const server = await newServer(t, {
      mails: 2,
      options: [
        ...['--smtp', `${scheme}://essaim:secret@127.0.0.1:${sink.port}`, '--smtp-ca', trusted],
      ],
    });
    await until('it gives up', () => server.log.includes('event=mail_server_away'));
    assert.deepEqual(sink.mails, []);
    assert.ok(!sink.lines.some((line) => /^(AUTH|MAIL)/.test(line)), sink.lines.join('\n'));
    assert.equal((await server.end()).status, 0);
  }
});

test('a wrong password condemns no mail and no address', async (t) => {
  const sink = await newSink(t, { users: { essaim: 'right' } });
  const options = (password) => [
    ...['--smtp', `smtp://essaim:${password}@127.0.0.1:${sink.port}`, '--smtp-rate', '60000'],
  ];
  const server = await newServer(t, { mails: 3, options: options('wrong') });
  await until('it gives up', () => server.log.includes('event=mail_server_away code=535'));
  assert.equal((await server.end()).status, 0);
  await newServer(t, { data: server.data, options: options('right') });
  await until('all three come', () => sink.mails.length === 3);
});

test('refused for now, for ever, not answered, and gone after the last byte', async (t) => {
  const sink = await newSink(t, {
    rule: (to, tries) => {
      const [word] = to.split('@');
      if (word === 'later') return tries < 3 ? word : 'take';
      if (word === 'drop') return tries < 2 ? word : 'take';
      if (word === 'lost') return 'drop';
      return ['never', 'spam', 'hang'].includes(word) ? word : 'take';
    },
  });
  const clock = join(newFolder(), 'now');
  let now = Date.now();
  const wait = (minutes) => {
    now += minutes * 60_000;
    writeFileSync(clock, new Date(now).toISOString().replace(/\.\d+/, ''));
  };
  wait(0);
  const server = await newServer(t, {
    clock,
    options: [...plain(sink), '--smtp-timeout', '1', '--test-clock', clock],
  });
  const ill = ['later', 'never', 'spam', 'hang', 'drop', 'lost'];
  for (const name of ill.flatMap((word, i) => [word, `fine-${i}`])) await asks(server, name);
  await until('all were tried', () => sink.to(address('fine-5')).length === 1);
  const tries = (name) => sink.tries.get(address(name)) ?? 0;
  const isDone = () => tries('later') === 3 && tries('drop') === 2 && tries('lost') === 2 && tries('hang') >= 3;
  for (let hours = 0; hours < 20 && !isDone(); hours++) {
    wait(60);
    await pause(1_000);
  }
  const hung = tries('hang');
  for (let i = 0; i < 20 && tries('hang') === hung; i++) {
    wait(120);
    await pause(400);
  }
  assert.ok(tries('hang') > hung, 'what hangs is tried again, and nothing else');
  assert.equal(tries('lost'), 2, 'what may have arrived goes twice, and not again');
  assert.equal(sink.to(address('later')).length, 1);
  assert.equal(tries('later'), 3);
  assert.equal(tries('never'), 1);
  assert.equal(tries('spam'), 1);
  for (const name of ['drop', 'lost']) {
    const [first, second, ...more] = sink.to(address(name));
    assert.deepEqual([second.id, second.data], [first.id, first.data]);
    assert.deepEqual(more, []);
  }
  assert.ok(!server.log.includes('@'), 'no address is logged');
  assert.equal((await server.end()).status, 0);
  await assertSound(server.data);
});

test('a mail whose sender is refused does not hold up the others', async (t) => {
  let refused;
  const sink = await newSink(t, { takes: (from) => from !== (refused ??= from) });
  const options = [...plain(sink), '--bounce-address', 'retours@essaim.fr'];
  const server = await newServer(t, { mails: 4, options });
  await until('the others come', () => sink.mails.length === 3);
  assert.ok(server.log.includes('event=mail_server_away code=451'), server.log);
  assert.equal((await server.end()).status, 0);
  refused = 'nobody';
  await newServer(t, { data: server.data, options: [...options, '--test-clock', later(10)] });
  await until('it comes too', () => sink.mails.length === 4);
});

test('killed again and again while it sends, each mail comes, at most twice', async (t) => {
  const MAILS = 120;
  const sink = await newSink(t, { slowness: 8 });
  const options = plain(sink);
  let server = await newServer(t, { mails: MAILS, options });
  for (let kills = 0; kills < 2; kills++) {
    const before = sink.mails.length;
    await until('some are sent', () => sink.mails.length > before + 15);
    await server.end('SIGKILL');
    server = await newServer(t, { data: server.data, options });
  }
  const all = Array.from({ length: MAILS }, (_, i) => `all-${i}@sink.essaim.fr`);
  await until('all are there', () => all.every((to) => sink.to(to).length));
  assert.equal((await server.end()).status, 0);
  for (const to of all) {
    const copies = sink.to(to);
    assert.ok(copies.length <= 2, `${to} came ${copies.length} times`);
    assert.equal(new Set(copies.map(({ id }) => id)).size, 1);
  }
  assert.ok(sink.mails.length <= MAILS + 2, 'only what was under way came twice');
  t.diagnostic(`${sink.mails.length} deliveries of ${MAILS} mails after two kills`);
});

test('a code overtakes a thousand mails to everyone', async (t) => {
  const sink = await newSink(t, { slowness: 5 });
  const server = await newServer(t, { mails: 1000, options: plain(sink) });
  await until('it has begun', () => sink.mails.length > 5);
  const before = sink.mails.length;
  const began = Date.now();
  await asks(server, 'code');
  await until('the code is there', () => sink.to(address('code')).length);
  const ahead = sink.mails.length - before;
  t.diagnostic(`${ahead} others went first, ${Date.now() - began} ms`);
  assert.ok(sink.mails.length < 900, 'not after all of them');
  assert.ok(ahead < 100);
  assert.equal((await server.end()).status, 0);
});

// The text of a mail, and its headers in one line each.
const decoded = ({ data }) =>
  data
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
const header = ({ data }, name) =>
  data
    .split('\r\n\r\n')[0]
    .replace(/\r\n[ \t]+/g, ' ')
    .match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1];

test('from the sign-up to silence, by mail alone', async (t) => {
  const sink = await newSink(t);
  const options = [...plain(sink), '--base-url', 'https://essaim.fr'];
  const server = await newServer(t, { minimum: 3, options });
  const from = { headers: { origin: 'https://essaim.fr' } };
  for (const name of ['zoe', 'leo']) {
    await asks(server, name);
    await until('the code', () => sink.to(address(name)).length === 1);
    const [mail] = sink.to(address(name));
    assert.equal(header(mail, 'List-Unsubscribe'), undefined, 'it was asked for');
    const [, own] = decoded(mail).match(/https:\/\/essaim\.fr(\/sign-ups\/\w+)/);
    const answer = await ask(server, `${own}/confirm`, { fields: {}, ...from });
    assert.equal(answer.status, 200, answer.text);
    await until('the confirmation', () => sink.to(address(name)).length === 2);
  }
  const [, settings] = decoded(sink.to(address('leo'))[1]).match(/essaim\.fr(\/mail\/\w+)/);
  const off = await ask(server, `${settings}/off/campaign-news`, { fields: {}, ...from });
  assert.equal(off.status, 200, off.text);
  await asks(server, 'tom');
  await until('the code', () => sink.to(address('tom')).length === 1);
  const [, last] = decoded(sink.to(address('tom'))[0]).match(/essaim\.fr(\/sign-ups\/\w+)/);
  assert.equal((await ask(server, `${last}/confirm`, { fields: {}, ...from })).status, 200);

  await until('it is on, for zoe', () => sink.to(address('zoe')).length === 3);
  const news = sink.to(address('zoe'))[2];
  assert.equal(header(news, 'List-Unsubscribe-Post'), 'List-Unsubscribe=One-Click');
  const [, path] = header(news, 'List-Unsubscribe').match(/^<https:\/\/essaim\.fr(\/\S+)>$/);
  const fields = { 'List-Unsubscribe': 'One-Click' };
  const clicked = await server.post(path, fields, { headers: { origin: 'https://mail.fr' } });
  assert.equal(clicked.status, 200);
  const { body } = await ask(server, path.replace(/\/off\/.*/, ''));
  assert.deepEqual(
    body.lists.map(({ name, on }) => [name, on]),
    [['campaign-news', false]],
  );
  assert.equal(sink.to(address('leo')).length, 2, 'leo had switched it off');
  assert.equal((await server.end()).status, 0);
});

test('a server that takes ten mails of each connection gets all of them', async (t) => {
  const sink = await newSink(t, { each: 10 });
  const server = await newServer(t, { mails: 45, options: plain(sink) });
  await until('all are there', () => sink.mails.length === 45);
  assert.equal(sink.connections, 5);
  assert.ok(!server.log.includes('mail_server_away'), 'it was never away');
  assert.equal((await server.end()).status, 0);
});

test('no more mails in a minute than the rate says', async (t) => {
  const sink = await newSink(t);
  const options = ['--smtp', `smtp://127.0.0.1:${sink.port}`, '--smtp-rate', '240'];
  const server = await newServer(t, { mails: 50, options });
  await until('five of them', () => sink.mails.length >= 5);
  assert.equal((await server.end()).status, 0);
  const ms = sink.mails[4].at - sink.mails[0].at; // of four quarters of a second
  assert.ok(ms > 600, `five mails in ${ms} ms`);
});

test('while the mail server hangs pages are quick, and the end is soon', async (t) => {
  const sink = await newSink(t, { rule: () => 'hang' });
  const server = await newServer(t, { mails: 10, options: plain(sink) });
  await until('it hangs', () => sink.tries.size > 0);
  const began = Date.now();
  await asks(server, 'anne');
  assert.equal((await ask(server, '/campaigns/haie')).status, 200);
  assert.ok(Date.now() - began < ANSWER_MS);
  const ends = Date.now();
  assert.equal((await server.end()).status, 0);
  assert.ok(Date.now() - ends < STOP_MS, `${Date.now() - ends} ms`);
});

test('the mail server goes: sign-ups are taken and their mails wait; it comes back: they go', async (t) => {
  const sink = await newSink(t);
  const server = await newServer(t, { options: plain(sink) });
  await asks(server, 'before');
  await until('it is there', () => sink.mails.length === 1);
  sink.stop();
  await asks(server, 'meanwhile');
  await until('it is missed', () => server.log.includes('event=mail_server_away'));
  await asks(server, 'later');
  assert.equal((await ask(server, '/healthz')).status, 200);
  const back = await newSink(t, { port: sink.port });
  await until('they go', () => back.mails.length === 2);
  assert.ok(server.log.includes('event=mail_server_back'));
  assert.equal((await server.end()).status, 0);
  assert.deepEqual(
    back.mails.map(({ to }) => to).sort(),
    [address('later'), address('meanwhile')],
  );
  await assertSound(server.data);
});

test('asked to end, it waits a moment for the answer about what it handed over', async (t) => {
  const sink = await newSink(t, { slowness: 800 });
  const server = await newServer(t, { mails: 1, options: plain(sink) });
  await until('it is handed over', () => sink.mails.length === 1);
  assert.equal((await server.end()).status, 0);
  await newServer(t, { data: server.data, options: plain(sink) });
  await pause(1_000);
  assert.equal(sink.mails.length, 1, 'it was noted as sent');
});

// A clock that is some minutes ahead.
function later(minutes) {
  const file = join(newFolder(), 'now');
  const now = new Date(Date.now() + minutes * 60_000);
  writeFileSync(file, now.toISOString().replace(/\.\d+/, ''));
  return file;
}

// Pipes a mail to `essaim mail-in`: { status, err }.
function mailIn(data, text, options = []) {
  const run = spawnSync(program, ['mail-in', '--data', data, ...options], { input: text });
  return { status: run.status, err: run.stderr.toString() };
}

const failure = (to, status) => `Return-Path: <>
To: ${to}
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.sink.essaim.fr

Final-Recipient: rfc822; anne@sink.essaim.fr
Action: failed
Status: ${status}
Diagnostic-Code: smtp; 550 ${status} Nobody

--x--
`;

test('one that is handed over and never answered does not hold up the end, and goes once more', async (t) => {
  const sink = await newSink(t, { rule: (to, tries) => (tries === 1 ? 'swallow' : 'take') });
  const server = await newServer(t, { mails: 1, options: plain(sink) });
  await until('it is handed over', () => sink.mails.length === 1);
  const ends = Date.now();
  assert.equal((await server.end()).status, 0);
  assert.ok(Date.now() - ends < STOP_MS, `${Date.now() - ends} ms`);
  await newServer(t, { data: server.data, options: [...plain(sink), '--test-clock', later(10)] });
  await until('it goes once more', () => sink.mails.length === 2);
  assert.equal(sink.mails[0].id, sink.mails[1].id);
});

test('a password that cannot be read stops the start with one line', async () => {
  const options = ['--smtp', 'smtps://mail.essaim.fr', '--smtp-user', 'essaim'];
  const data = newFolder();
  const file = ['--smtp-password-file', join(data, 'none')];
  const done = await essaim('serve', '--listen', '127.0.0.1:0', '--data', data, ...options, ...file);
  assert.equal(done.status, 1);
  assert.match(done.err, /event=smtp_password_unreadable path=\S+ why="No such file/);
});

test('a mail that comes back is piped in while the server runs', async (t) => {
  const sink = await newSink(t);
  const options = [...plain(sink), '--bounce-address', 'retours@essaim.fr'];
  const server = await newServer(t, { options });
  await asks(server, 'anne');
  await until('it is sent', () => sink.mails.length === 1);
  const [{ from }] = sink.mails;
  assert.deepEqual(mailIn(server.data, failure(from, '5.1.1')), { status: 0, err: '' });
  await until('it is taken in', () => server.log.includes('event=mail_came_back for_good=1'));
  const other = ['--recipient', 'retours+nothing@essaim.fr'];
  assert.equal(mailIn(server.data, failure(from, '5.1.1'), other).status, 0);
  await until('it is not ours', () => /event=mail_in_ignored .*not one of ours/.test(server.log));
  assert.equal(mailIn(server.data, Buffer.alloc(3_000_000, 'x\n')).status, 0);
  await until('it is no report', () => /event=mail_in_ignored .*no report/.test(server.log));
  assert.ok(!server.log.includes('@'), server.log);
  assert.equal((await server.end()).status, 0);
  assert.equal(mailIn(server.data, failure(from, '5.1.1')).status, 0, 'it waits for the server');
  await assertSound(server.data);
});

test('what cannot be kept is to be tried again, as mail servers understand it', () => {
  const { status, err } = mailIn('/nowhere/essaim', 'x');
  assert.equal(status, 75);
  assert.match(err, /^The mail cannot be kept in \/nowhere\/essaim\/mail-in: [^\n]+\.\n$/);
  assert.equal(mailIn(newFolder(), 'x', ['--colour']).status, 75);
});

test('without a server mails wait, and the log says so; with one they go', async (t) => {
  const server = await newServer(t, { mails: 2, options: [] });
  await until('it says so', () => /event=mails .*wait in the outbox/.test(server.log));
  assert.equal((await server.end()).status, 0);
  const sink = await newSink(t);
  await newServer(t, { data: server.data, options: plain(sink) });
  await until('they go', () => sink.mails.length === 2);
});
