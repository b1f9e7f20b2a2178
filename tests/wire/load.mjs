// SPDX-License-Identifier: AGPL-3.0-or-later
// People who sign up all the while, whatever happens to the server, and come again when it tells them
// to; and that nothing was lost of what it acknowledged.
import assert from 'node:assert/strict';
import { ask, campaign, each, mailsTo, newCrowd, ownPath, pause, signUpOnce, until } from './client.mjs';

export const CONNECTIONS = 16;
const AGAIN_MS = 50;

export class Load {
  constructor(server, word = 'p', connections = CONNECTIONS) {
    Object.assign(this, { server, word, connections, refused: 0, isOver: false, isGone: false });
    this.acknowledged = new Map(); // e-mail -> party
    this.crowd = newCrowd(connections);
    this.work = each(this.#numbers(), connections, (i) => this.#signUp(i));
    this.work.catch(() => {}); // told at the end
  }

  *#numbers() {
    for (let i = 0; !this.isOver; i++) yield i;
  }

  async #signUp(i) {
    const wish = { email: `${this.word}${i}@example.org`, party: (i % 5) + 1 };
    for (;;) {
      const { status, text, headers } = await signUpOnce(this.server, 'haie', wish, this.crowd);
      if (status === 201) return this.acknowledged.set(wish.email, wish.party);
      assert.equal(status, 503, text);
      assert.match(headers['retry-after'], /^\d+$/, 'a 503 says when to come back');
      this.refused++;
      if (this.isGone) return;
      await pause(AGAIN_MS);
    }
  }

  // More than so many have been acknowledged, or refused, since now.
  async moreAcknowledged(count = 2 * this.connections) {
    const before = this.acknowledged.size;
    await until('people sign up', () => this.acknowledged.size > before + count);
  }

  async moreRefused(count = 2 * this.connections) {
    const before = this.refused;
    await until('people are told to come back', () => this.refused > before + count);
  }

  // Nobody new begins, and whoever was refused comes until they are in.
  async end() {
    this.isOver = true;
    await this.work;
    this.crowd.destroy();
  }

  // The same where the server does not come back: it was killed.
  async endWithServer() {
    this.stop();
    await this.work.catch((error) => assert.match(String(error.code), /^ECONN|^EPIPE/, error));
  }

  // What `after` calls, in case that the test did not come to the end.
  stop() {
    this.isOver = this.isGone = true;
    this.crowd.destroy();
  }
}

// Each has its row, with its party, and its mail, once unless it is said otherwise.
export async function assertNothingLost(server, acknowledged, mailsMax = 1) {
  const crowd = newCrowd(16);
  await each(acknowledged, 16, async ([email, party]) => {
    const own = await ownPath(server, email, crowd);
    assert.ok(own, `${email} was acknowledged and has no mail`);
    const { status, body } = await ask(server, own, { crowd });
    assert.deepEqual([status, body.state, body.party], [200, 'pending', party], email);
    const mails = await mailsTo(server, email, crowd);
    assert.ok(mails.length <= mailsMax, `${email} has ${mails.length} mails`);
  });
  crowd.destroy();
}

// What is taken is what was acknowledged: nothing was kept of what was refused, nor anything twice.
export async function assertTaken(server, acknowledged) {
  const [session] = (await campaign(server)).sessions;
  assert.equal(
    session.taken,
    [...acknowledged.values()].reduce((all, party) => all + party, 0),
  );
}
