// SPDX-License-Identifier: AGPL-3.0-or-later
// Thousands of connections from one process, bare sockets that cost little.
import { connect } from 'node:net';

// Opens so many, a few at a time, and sends `head` on each; `seen(socket, piece)` is told of each piece
// that comes. Ends early when the server takes no more: it closes before it answers. Resolves to
// those that are open.
export async function openAll(port, count, head, seen = () => {}) {
  const sockets = [];
  const AT_ONCE = 200;
  const open = () =>
    new Promise((accept) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => accept(null));
      socket.once('close', () => accept(null));
      socket.once('data', () => accept(socket));
      socket.on('data', (piece) => seen(socket, piece));
      socket.write(head);
    });
  while (sockets.length < count) {
    const length = Math.min(AT_ONCE, count - sockets.length);
    const some = await Promise.all(Array.from({ length }, open));
    sockets.push(...some.filter((socket) => socket));
    if (some.includes(null)) break;
  }
  return sockets;
}

export const closeAll = (sockets) => sockets.forEach((socket) => socket.destroy());

export const head = (path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n`;
