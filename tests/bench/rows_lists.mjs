// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of campaigns costs what one page of it costs, however many there are.
import assert from 'node:assert/strict';
import { ask, campaignData } from '../wire/client.mjs';
import { ratio } from './figures.mjs';
import { alternate, medianOf, serve, wrkCosting } from './machine.mjs';

const FEW = 100;
const MANY = 10_000;
const FAR_PAGE = 400;
const OFF = { options: ['--cache-mb', '0'] };

// The path of the n-th page, found as people go there: by the address of the next one.
async function pathOfPage(server, number) {
  let path = '/campaigns';
  for (let page = 1; page < number; page++) {
    const { body } = await ask(server, path);
    assert.ok(body.next, `the list ends at page ${page}`);
    path = `/campaigns?after=${encodeURIComponent(body.next)}`;
  }
  return path;
}

export async function lists() {
  const few = await serve(await campaignData({ slug: 'peu', campaigns: FEW }), OFF);
  const many = await serve(await campaignData({ slug: 'foule', campaigns: MANY }), OFF);
  const far = await pathOfPage(many, FAR_PAGE);
  const cost = (server, path) => () => wrkCosting(server.process.pid, server.url + path);
  const results = await alternate(
    cost(few, '/campaigns'),
    cost(many, '/campaigns'),
    cost(many, far),
  );
  await few.stop();
  await many.stop();
  const [base, first, last] = results.map((of) => medianOf(of, 'us'));
  return {
    figures: [
      ratio('the first page of 10,000 campaigns / of 100, CPU time', base / first, 0.9),
      ratio(`the ${FAR_PAGE}th page of 10,000 / the first of 100, CPU time`, base / last, 0.9),
    ],
    note: `${first.toFixed(0)} µs for the first page, ${last.toFixed(0)} µs for the ${FAR_PAGE}th; over ${FEW} campaigns ${base.toFixed(0)} µs`,
  };
}
