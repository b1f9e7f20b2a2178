// SPDX-License-Identifier: AGPL-3.0-or-later
// Serves the data folder `data` with ESSAIM_PROGRAM, asks for pages and stops:
//   node tests/served.mjs PATH STATUS [PATH STATUS]...     each must answer with that status
import assert from 'node:assert/strict';
import { Server } from './wire/server.mjs';

const words = process.argv.slice(2);
const server = await Server.start({ data: 'data' });
try {
  for (let i = 0; i < words.length; i += 2) {
    const answer = await server.fetch(words[i]);
    assert.equal(answer.status, Number(words[i + 1]), `${words[i]}: ${await answer.text()}`);
  }
} finally {
  await server.stop();
}
