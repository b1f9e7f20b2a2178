// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page of the product, signed out and signed in, in both languages: it answers, is valid,
// accessible, fits a telephone, asks nobody else for anything, and its links and forms lead somewhere.
// Which looks are taken of each, and what else is asked of it, is said by who defines these tests.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask } from '../wire/client.mjs';
import { demoData } from '../wire/server.mjs';
import { assertValidHtml, launch, openPage, serve } from './browser.mjs';
import { Links } from './links.mjs';
import { assertSound } from './looks.mjs';
import { makeFirstPlaces, makeOwnPlaces, makePlaces, ownRefusals, refusals } from './places.mjs';

const PAGES_MAX = 120;
const GONE = ['404', 'sign-in-gone']; // places that answer with 404
// Pages that are no places: the frame of a mail, which is seen as a mail; and what is there only while
// a campaign is under way, as none of the demonstration is: organiser.test.mjs looks at it.
const NO_PLACES = ['/mailbox/{id}/html', '/campaigns/{slug}/organise/done'];

// Somebody who walks through the pages: a guest, or who is signed in. `keep(name, html)` is given all
// that they see; `looks(lang, n)` says which looks to take of the n-th page, and `more(page)` what else
// to ask in each.
class Visitor {
  seen = new Set(); // routes

  static async come({ browser, server }, make, options) {
    const visitor = Object.assign(new Visitor(), options);
    visitor.page = await openPage(browser, server, { expected: [404, 422] });
    visitor.places = await make(visitor.page, server);
    visitor.links = await Links.of(server);
    return visitor;
  }

  async #judge(lang, n) {
    this.seen.add(this.links.pageOf(this.page.url()));
    await assertSound(this.page, lang, this.looks(lang, n), this.more);
    return this.links.check(this.page);
  }

  // Goes to the places and to what their links lead to: to every page, or to one of each kind.
  async walk(lang, { everyPage }) {
    const { page, places, links } = this;
    await page.goto(`/?lang=${lang}`);
    const known = Object.values(places);
    const kinds = new Set(known.map((path) => links.pageOf(path)));
    for (let i = 0; i < known.length; i++) {
      const path = known[i];
      const answer = await page.goto(path);
      const isGone = GONE.some((name) => places[name] === path);
      assert.equal(answer.status(), isGone ? 404 : 200, path);
      this.keep(`${lang}-${i}-${path}`, await answer.text());
      for (const link of await this.#judge(lang, i)) {
        const kind = links.pageOf(link);
        if (!kind || known.includes(link) || (!everyPage && kinds.has(kind))) continue;
        kinds.add(kind);
        known.push(link);
      }
      assert.ok(known.length < PAGES_MAX, known.join(' '));
    }
    assert.deepEqual(page.troubles, []);
    return known.length;
  }

  // Sends forms that are refused, each in its way: { name: way }.
  async beRefused(lang, ways) {
    const { page, places } = this;
    await page.goto(`/?lang=${lang}`);
    for (const [i, [name, way]] of Object.entries(ways).entries()) {
      const answered = page.waitForResponse((answer) => answer.status() === 422);
      await way(page, places);
      this.keep(`${lang}-${name}`, await (await answered).text());
      await this.#judge(lang, i);
    }
    assert.deepEqual(page.troubles, []);
  }
}

// Defines the tests. What it returns holds, once they run, { browser, server, folder, guest } for others.
export function testEveryPage({ looks, more }) {
  const world = {};
  let member;

  function keep(name, html) {
    writeFileSync(join(world.folder, `${name.replace(/\W+/g, '-')}.html`), html);
  }

  const come = (who, make) =>
    Visitor.come(world, make, { keep: (name, html) => keep(`${who}-${name}`, html), looks, more });

  before(async () => {
    world.folder = mkdtempSync(join(tmpdir(), 'essaim-pages-'));
    world.server = await serve(await demoData());
    world.browser = await launch();
    const make = async (page, server) => ({
      ...makeFirstPlaces(server),
      ...(await makePlaces(page, server)),
    });
    world.guest = await come('guest', make);
  });

  after(async () => {
    await world.browser?.close();
    await world.server?.stop();
    rmSync(world.folder, { recursive: true, force: true });
  });

  for (const lang of ['fr', 'en']) {
    test(`every page of a stranger is sound in ${lang}`, async (t) => {
      const count = await world.guest.walk(lang, { everyPage: true });
      t.diagnostic(`${count} pages`);
    });

    test(`every page of a stranger’s refused form is sound in ${lang}`, () =>
      world.guest.beRefused(lang, refusals));
  }

  test('somebody becomes the administrator', async () => {
    member = await come('member', makeOwnPlaces);
  });

  for (const lang of ['fr', 'en']) {
    test(`every page of who is signed in is sound in ${lang}`, async (t) => {
      const count = await member.walk(lang, { everyPage: false });
      t.diagnostic(`${count} pages`);
    });

    test(`every page of a refused form of who is signed in is sound in ${lang}`, () =>
      member.beRefused(lang, ownRefusals));
  }

  test('no page of the program was left out', () => {
    const { links, seen } = world.guest;
    const missing = links.pages().filter((path) => ![...seen, ...member.seen, ...NO_PLACES].includes(path));
    assert.deepEqual(missing, []);
  });

  test('pages, pages of refused forms, and mails are valid HTML', async () => {
    const { body } = await ask(world.server, '/mailbox');
    assert.ok(body.items.length >= 5);
    for (const mail of body.items) keep(`mail-${mail.id}`, mail.html);
    await assertValidHtml(['--skip-non-html', world.folder]);
  });

  return world;
}
