// SPDX-License-Identifier: AGPL-3.0-or-later
// What visitors' pages cost, beside nginx with a static file of the same bytes.
import { demoData } from '../wire/server.mjs';
import { campaignData } from '../wire/client.mjs';
import { alternate, medianOf, nginx, serve, wrk, wrkCosting } from './machine.mjs';

// The demonstration's largest campaign.
const LARGEST = '/campaigns/du-balai-les-vieux-e-mails';
const HEADERS = { headers: { 'accept-language': 'fr' } };
const SIGN_UP = new URL('sign_up.lua', import.meta.url).pathname;

async function besideNginx(options) {
  const server = await serve(await demoData({ participants: 5000 }), { options });
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
    ratio: base / us,
    note: `${body.length} bytes; ${us.toFixed(1)} µs a request, nginx ${base.toFixed(1)} µs; p99 ${medianOf(ours, 'p99').toFixed(1)} ms`,
  };
}

export const cached = () => besideNginx([]);
export const uncached = () => besideNginx(['--cache-mb', '0']);

// Its page while everybody signs up to it; servers and clients share all CPUs.
export async function busy() {
  const data = await campaignData({ slug: 'haie', minimum: 1_000_000 });
  const server = await serve(data, { cpu: undefined });
  const url = `${server.url}/campaigns/haie`;
  const signUps = [];
  let run = 0;
  const beside = async () => {
    const words = ['/campaigns/haie/sign-ups', `r${run++}x`];
    const options = { script: SIGN_UP, words, cpu: undefined };
    const [pages, posts] = await Promise.all([
      wrk(url, { cpu: undefined }),
      wrk(server.url, options),
    ]);
    signUps.push({ ...posts, bad: posts.bad });
    return pages;
  };
  const [alone, with64] = await alternate(() => wrk(url, { cpu: undefined }), beside);
  await server.stop();
  const [rate, base] = [medianOf(with64, 'rate'), medianOf(alone, 'rate')];
  return {
    ratio: rate / base,
    note: `${Math.round(rate)} pages a second beside ${Math.round(medianOf(signUps, 'rate'))} sign-ups a second; alone ${Math.round(base)}`,
  };
}
