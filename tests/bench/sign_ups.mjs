// SPDX-License-Identifier: AGPL-3.0-or-later
// The campaign to which the bench signs people up, and how.
import { pause, wrk } from './machine.mjs';

const SCRIPT = new URL('sign_up.lua', import.meta.url).pathname;

export const PAGE = '/campaigns/haie';
export const PATH = `${PAGE}/sign-ups`;
export const OPEN = { slug: 'haie', minimum: 1_000_000 }; // for make_campaign

let run = 0;

// What was sent last is still being written when nobody waits for it any more.
async function settled(server) {
  const waits = async () => {
    const metrics = await (await server.fetch('/metrics')).text();
    return /^essaim_writer_queue_length\{.*\} [1-9]/m.test(metrics);
  };
  while (await waits()) await pause(20);
}

// A measurement: so many sign up to it at a time, nobody twice.
export const signingUp = (server, options) => async () => {
  const found = await wrk(server.url, { script: SCRIPT, words: [PATH, `r${run++}x`], ...options });
  await settled(server);
  return found;
};
