// SPDX-License-Identifier: AGPL-3.0-or-later
// Where the links and forms of pages lead: a page is there, and the part of it that is named; a form
// is sent to a route that exists. The routes are those of the program's own OpenAPI document.
import assert from 'node:assert/strict';
import { ask } from '../wire/client.mjs';
import { operationFor, operationsOf } from '../wire/openapi.mjs';

const isPage = ({ method, responses }) => method === 'GET' && 'text/html' in (responses[200]?.content ?? {});

// In the page: its links, where its forms are sent, and what links can point at.
function gather() {
  const bare = (address) => address.split('#')[0];
  const links = [...document.querySelectorAll('a[href]')].map(({ href, hash }) => ({
    href: bare(href),
    part: decodeURIComponent(hash.slice(1)),
    isHere: bare(href) === bare(document.URL),
  }));
  const aims = [...document.forms].map((form) => ({
    method: form.method,
    path: new URL(form.getAttribute('action') ?? '', document.URL).pathname, // `action` may be a field
  }));
  return { links, aims, parts: [...document.querySelectorAll('[id]')].map(({ id }) => id) };
}

// What one visitor finds behind links: each address is asked once.
export class Links {
  #answers = new Map(); // address -> { status, parts }
  #operations;

  static async of(server) {
    const links = new Links();
    links.server = server;
    links.#operations = operationsOf((await ask(server, '/api/openapi.json')).body);
    return links;
  }

  // The routes that answer with pages.
  pages() {
    return this.#operations.filter(isPage).map(({ path }) => path);
  }

  // Which of them serves an address; undefined: none.
  pageOf(address) {
    const operation = operationFor(this.#operations, 'GET', new URL(address, this.server.url).pathname);
    return operation && isPage(operation) ? operation.path : undefined;
  }

  async #answerOf(page, address) {
    if (!this.#answers.has(address)) {
      const answer = await page.request.get(address);
      const parts = [...(await answer.text()).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      this.#answers.set(address, { status: answer.status(), parts });
    }
    return this.#answers.get(address);
  }

  // Asserts that all of a page's links and forms lead somewhere; resolves to the paths that its links
  // lead to. What changes the language leads to the same page, and the mailbox is no part of the site.
  async check(page) {
    const { links, aims, parts } = await page.evaluate(gather);
    const dead = [];
    const found = new Set();
    for (const { href, part, isHere } of links) {
      const { origin, pathname, search, searchParams } = new URL(href);
      if (origin !== this.server.url || searchParams.has('lang') || pathname.startsWith('/mailbox')) continue;
      const answer = isHere ? { status: 200, parts } : await this.#answerOf(page, href);
      if (answer.status !== 200) dead.push(`${answer.status} ${href}`);
      if (part && !answer.parts.includes(part)) dead.push(`no part #${part} of ${href}`);
      found.add(pathname + search);
    }
    for (const { method, path } of aims)
      if (!operationFor(this.#operations, method.toUpperCase(), path))
        dead.push(`no route for ${method} ${path}`);
    assert.equal(dead.length, 0, `${page.url()}: ${dead.join('; ')}`);
    return [...found];
  }
}
