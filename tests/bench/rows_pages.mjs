// SPDX-License-Identifier: AGPL-3.0-or-later
// What visitors' pages cost, beside nginx with a static file of the same bytes.
import { campaignData } from '../wire/client.mjs';
import { ratio } from './figures.mjs';
import {
  ALL_CPUS,
  alternate,
  benchDemo,
  CLIENT_CPU,
  medianOf,
  nginx,
  serve,
  SERVER_CPU,
  wrk,
  wrkCosting,
} from './machine.mjs';
import { OPEN, PAGE, signingUp } from './sign_ups.mjs';

// The demonstration's largest campaign.
const LARGEST = '/campaigns/du-balai-les-vieux-e-mails';
const HEADERS = { headers: { 'accept-language': 'fr' } };

async function besideNginx(what, wanted, options) {
  const server = await serve(await benchDemo(), { options });
  const body = Buffer.from(await (await server.fetch(LARGEST, HEADERS)).arrayBuffer());
  const reference = await nginx(body);
  const [ours, theirs] = await alternate(
    () => wrkCosting(server.process.pid, server.url + LARGEST),
    () => wrkCosting(reference.pid, reference.url),
  );
  reference.stop();
  await server.stop();
  const [us, base] = [medianOf(ours, 'us'), medianOf(theirs, 'us')];
  return {
    figures: [ratio(`${what} / nginx, a static file, CPU time`, base / us, wanted)],
    note: `${body.length} bytes; ${us.toFixed(1)} µs a request, nginx ${base.toFixed(1)} µs; p99 ${medianOf(ours, 'p99').toFixed(1)} ms`,
  };
}

export const cached = () => besideNginx('a page from the cache', 0.9, []);
export const uncached = () => besideNginx('a page made anew', 0.2, ['--cache-mb', '0']);

// The page alone, and while 64 sign up to it: { figure, note }.
async function besideSignUps(cpu, where) {
  const server = await serve(await campaignData(OPEN), { cpu });
  const clients = { cpu: cpu === ALL_CPUS ? ALL_CPUS : CLIENT_CPU };
  const page = () => wrk(server.url + PAGE, clients);
  const signUp = signingUp(server, clients);
  const signUps = [];
  const beside = async () => {
    const [pages, posts] = await Promise.all([page(), signUp()]);
    signUps.push(posts);
    return pages;
  };
  const [alone, with64] = await alternate(page, beside);
  await server.stop();
  const [rate, base] = [medianOf(with64, 'rate'), medianOf(alone, 'rate')];
  const what = `a page while 64 sign up to it / the page alone, rate, ${where}`;
  return {
    figure: ratio(what, rate / base, 0.6),
    note: `${where} ${Math.round(rate)} pages a second beside ${Math.round(medianOf(signUps, 'rate'))} sign-ups a second, alone ${Math.round(base)}`,
  };
}

export async function busy() {
  const one = await besideSignUps(SERVER_CPU, 'one CPU for the server');
  const all = await besideSignUps(ALL_CPUS, 'all CPUs');
  return { figures: [one.figure, all.figure], note: `${one.note}; ${all.note}` };
}
