// SPDX-License-Identifier: AGPL-3.0-or-later
// A mail server that keeps what it gets and delivers nothing, on a port of the loopback address.
// It does what a test wants to see the program bear: refuses for now or for ever, hangs, or is gone
// after the last byte of a mail.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket, createSecureContext } from 'node:tls';

// A certificate for 127.0.0.1, signed by itself: { key, cert, path }.
export function newCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-ca-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [key, path] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', key, '-out', path];
  execFileSync('openssl', ['req', '-x509', ...kind, ...name, '-days', '2', ...files], {
    stdio: 'pipe',
  });
  return { key: readFileSync(key), cert: readFileSync(path), path };
}

const unstuffed = (text) => text.replace(/^\.\./gm, '.');

class Conversation {
  constructor(sink, socket) {
    Object.assign(this, { sink, encrypted: false, signedIn: false, text: '', mail: null, taken: 0 });
    this.listen(socket);
    this.say('220 sink ready');
  }

  listen(socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => this.sink.sockets.delete(socket));
    this.sink.sockets.add(socket);
    socket.setEncoding('latin1');
    socket.on('data', (piece) => {
      this.text += piece;
      this.read();
    });
  }

  say(line) {
    if (!this.socket.destroyed) this.socket.write(`${line}\r\n`);
  }

  read() {
    for (;;) {
      const mark = this.mail?.begun ? '\r\n.\r\n' : '\r\n';
      const end = this.text.indexOf(mark);
      if (end < 0) return;
      const taken = this.text.slice(0, end);
      this.text = this.text.slice(end + mark.length);
      if (this.mail?.begun) this.take(`${taken}\r\n`);
      else this.command(taken);
    }
  }

  command(line) {
    const { tls, users } = this.sink;
    const word = line.split(' ')[0].toUpperCase();
    this.sink.lines.push(line);
    if (word === 'EHLO') {
      const offers = ['sink', 'SIZE 1000000', users && 'AUTH PLAIN'].filter(Boolean);
      if (tls === 'starttls' && !this.encrypted) offers.push('STARTTLS');
      offers.forEach((offer, i) => this.say(`250${i === offers.length - 1 ? ' ' : '-'}${offer}`));
    } else if (word === 'STARTTLS' && tls === 'starttls') this.encrypt();
    else if (line === 'AUTH PLAIN') this.say('334 ');
    else if (this.sink.users && this.sink.lines.at(-2) === 'AUTH PLAIN') this.signIn(line);
    else if (word === 'MAIL') this.begin(line);
    else if (word === 'RCPT') this.name(line);
    else if (word === 'DATA') this.open();
    else if (word === 'QUIT') this.socket.end('221 bye\r\n');
    else this.say('502 what?');
  }

  encrypt() {
    this.say('220 go ahead');
    const plain = this.socket;
    plain.removeAllListeners('data');
    const secureContext = createSecureContext(this.sink.certificate);
    this.encrypted = true;
    this.listen(new TLSSocket(plain, { isServer: true, secureContext }));
  }

  signIn(line) {
    const [, user, password] = Buffer.from(line, 'base64').toString().split('\0');
    this.signedIn = Boolean(user) && this.sink.users?.[user] === password;
    this.say(this.signedIn ? '235 welcome' : '535 5.7.8 wrong name or password');
  }

  begin(line) {
    if (this.sink.users && !this.signedIn) return this.say('530 5.7.0 sign in first');
    if (this.taken === this.sink.each) return this.socket.end('421 4.7.0 enough for now\r\n');
    const from = line.match(/<(.*?)>/)[1];
    if (!this.sink.takes(from)) return this.say('451 4.1.8 not from this sender');
    this.mail = { from };
    this.say('250 ok');
  }

  name(line) {
    const to = line.match(/<(.*?)>/)[1];
    const tries = (this.sink.tries.get(to) ?? 0) + 1;
    this.sink.tries.set(to, tries);
    this.mail.to = to;
    this.mail.rule = this.sink.rule(to, tries);
    if (this.mail.rule === 'later') this.say('451 4.7.1 come back later');
    else if (this.mail.rule === 'never') this.say('550 5.1.1 nobody of that name');
    else if (this.mail.rule !== 'hang') this.say('250 ok');
  }

  open() {
    this.mail.begun = true;
    this.say('354 go ahead');
  }

  async take(data) {
    const { from, to, rule } = this.mail;
    this.mail = null;
    const id = data.match(/^Message-I[dD]: <(.*?)>/m)?.[1];
    this.taken++;
    this.sink.mails.push({ from, to, id, data: unstuffed(data), at: performance.now() });
    if (rule === 'drop') return this.socket.destroy();
    if (rule === 'swallow') return;
    await new Promise((done) => setTimeout(done, this.sink.slowness));
    this.say(rule === 'spam' ? '554 5.6.0 we do not like it' : '250 2.0.0 queued');
  }
}

export class Sink {
  // `tls`: 'none', 'starttls' or 'tls'. `users`: { name: password }, or anyone. `rule`: what becomes of
  // a mail to that address at that try: 'take', 'later', 'never', 'spam', 'hang' (no answer to its name),
  // 'swallow' (none to its last byte), 'drop' (gone after its last byte). `slowness`: ms for each mail.
  // `each`: how many mails one connection may bring. `takes`: whether a sender may send. `port`: or a
  // free one.
  static async start({ tls = 'none', rule = () => 'take', slowness = 0, each = Infinity, ...more } = {}) {
    const { users, certificate, takes = () => true, port = 0 } = more;
    const sink = new Sink();
    Object.assign(sink, { tls, users, rule, slowness, each, takes, certificate });
    Object.assign(sink, { mails: [], lines: [], tries: new Map(), sockets: new Set() });
    sink.connections = 0;
    sink.server = createServer((socket) => {
      sink.connections++;
      const secureContext = tls === 'tls' && createSecureContext(certificate);
      const own = tls === 'tls' ? new TLSSocket(socket, { isServer: true, secureContext }) : socket;
      socket.on('error', () => {});
      new Conversation(sink, own);
    });
    await new Promise((done) => sink.server.listen(port, '127.0.0.1', done));
    sink.port = sink.server.address().port;
    return sink;
  }

  to(address) {
    return this.mails.filter((mail) => mail.to === address);
  }

  stop() {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
  }
}
