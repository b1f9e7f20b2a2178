// SPDX-License-Identifier: AGPL-3.0-or-later
// Who has a campaign's page open and hears what changes there.
import { connect } from 'node:net';

// One open page: its answer's head, and the events since.
export class Viewer {
  static open(server, slug = 'haie') {
    const viewer = new Viewer();
    viewer.head = '';
    viewer.events = [];
    viewer.ended = false;
    viewer.socket = connect(server.port, '127.0.0.1');
    viewer.socket.setEncoding('utf8');
    let waiting = '';
    viewer.socket.on('data', (piece) => {
      const parts = (waiting + piece).split(viewer.head ? '\n\n' : '\r\n\r\n');
      if (!viewer.head && parts.length > 1) {
        viewer.head = parts.shift();
        parts.splice(0, parts.length, ...parts.join('\r\n\r\n').split('\n\n'));
      }
      waiting = parts.pop();
      for (const part of parts) viewer.#take(part);
    });
    viewer.socket.on('error', () => {});
    viewer.socket.on('close', () => (viewer.ended = true));
    viewer.socket.write(
      `GET /campaigns/${slug}/live HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`,
    );
    return viewer;
  }

  #take(part) {
    const event = part.match(/^event: (\w+)\ndata: (.*)$/);
    if (event?.[1] !== 'progress') return;
    this.events.push({ at: performance.now(), ...JSON.parse(event[2]) });
  }

  get last() {
    return this.events.at(-1);
  }

  close() {
    this.socket.destroy();
  }
}
