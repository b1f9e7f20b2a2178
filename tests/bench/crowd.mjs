// SPDX-License-Identifier: AGPL-3.0-or-later
// Thousands of connections from one process, bare sockets that cost little.
import { connect } from 'node:net';

// Opens so many, a few at a time, and sends `head` on each; `seen` is told of each piece that comes.
export async function openAll(port, count, head, seen = () => {}) {
  const sockets = [];
  const AT_ONCE = 200;
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => {
      return new Promise((accept, refuse) => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', refuse);
        socket.once('close', () => refuse(new Error(`connection ${from + i} was closed`)));
        socket.once('data', () => accept(socket));
        socket.on('data', (piece) => seen(from + i, piece));
        socket.write(head);
      });
    });
    sockets.push(...(await Promise.all(some)));
  }
  return sockets;
}

export const closeAll = (sockets) => sockets.forEach((socket) => socket.destroy());

export const head = (path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n`;
