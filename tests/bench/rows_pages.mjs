// SPDX-License-Identifier: AGPL-3.0-or-later
// What visitors' pages cost, beside nginx with a static file of the same bytes.
import { campaignData } from '../wire/client.mjs';
import { ratio } from './figures.mjs';
import { alternate, benchDemo, medianOf, nginx, serve, wrk, wrkCosting } from './machine.mjs';
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

// Its page while everybody signs up to it; servers and clients share all CPUs.
export async function busy() {
  const server = await serve(await campaignData(OPEN), { cpu: undefined });
  const page = () => wrk(server.url + PAGE, { cpu: undefined });
  const signUp = signingUp(server, { cpu: undefined });
  const signUps = [];
  const beside = async () => {
    const [pages, posts] = await Promise.all([page(), signUp()]);
    signUps.push(posts);
    return pages;
  };
  const [alone, with64] = await alternate(page, beside);
  await server.stop();
  const [rate, base] = [medianOf(with64, 'rate'), medianOf(alone, 'rate')];
  return {
    figures: [ratio('a page while 64 sign up to it / the page alone, rate', rate / base, 0.6)],
    note: `${Math.round(rate)} pages a second beside ${Math.round(medianOf(signUps, 'rate'))} sign-ups a second; alone ${Math.round(base)}`,
  };
}
