// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody between the program and PostgreSQL, who passes on what both say: until a COMMIT that they are
// told to keep the answer of. Then they hang up on that one, and take no call until they are told to. Or
// they hang up on it right behind that answer, with the farewell of a process that is ended. Or
// they hang up on all, as a server that ends. Or they say nothing for a while, to nobody, as one that hangs.
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { newFolder } from './server.mjs';

const SOCKET = '.s.PGSQL.5432';
const READY_BYTES = 6; // ReadyForQuery: what an answer ends with

// ErrorResponse: https://www.postgresql.org/docs/15/protocol-message-formats.html
function farewell() {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');
  const head = Buffer.from('E....');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

export class Middle {
  // `server`: the folder of PostgreSQL's socket; `folder` is where theirs is.
  static async start(server) {
    const middle = new Middle();
    Object.assign(middle, { folder: newFolder(), server, word: null, isAway: false, hasCut: false });
    Object.assign(middle, { isSilent: false, sockets: new Set(), endsBehind: false });
    middle.listener = createServer((client) => middle.#pass(client));
    middle.listener.unref();
    await new Promise((done) => middle.listener.listen(join(middle.folder, SOCKET), done));
    return middle;
  }

  // Of the batch in which this word is said.
  keepAnswerAbout(word) {
    this.word = word;
  }

  endBehindAnswerAbout(word) {
    Object.assign(this, { word, endsBehind: true });
  }

  #pass(client) {
    const server = connect(join(this.server, SOCKET));
    const both = [client, server];
    const end = () =>
      both.forEach((socket) => this.sockets.delete(socket) && socket.destroy());
    both.forEach((socket) => this.sockets.add(socket.on('error', end).on('close', end).unref()));
    if (this.isAway) return end();
    if (this.isSilent) both.forEach((socket) => socket.pause());
    let isAbout = false;
    let keeps = false;
    client.on('data', (piece) => {
      isAbout ||= Boolean(this.word) && piece.includes(this.word);
      keeps ||= isAbout && piece.includes('COMMIT');
      server.write(piece);
    });
    server.on('data', (piece) => {
      if (!keeps || !piece.includes('COMMIT')) return client.write(piece);
      Object.assign(this, { isAway: !this.endsBehind, hasCut: true, word: null });
      if (!this.endsBehind) return end();
      client.write(piece.subarray(0, -READY_BYTES));
      client.end(farewell(), end);
    });
  }

  goAway() {
    this.isAway = true;
    this.sockets.forEach((socket) => socket.destroy());
  }

  hang() {
    this.isSilent = true;
    this.sockets.forEach((socket) => socket.pause());
  }

  goOn() {
    this.isSilent = false;
    this.sockets.forEach((socket) => socket.resume());
  }

  comeBack() {
    this.isAway = false;
  }

  stop() {
    this.listener.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
