// SPDX-License-Identifier: AGPL-3.0-or-later
// The same on PostgreSQL as on SQLite, both on the same disk and on all CPUs, since PostgreSQL has
// processes of its own. Round trips are those of a request that comes alone.
import { ask, campaignData, signUp } from '../wire/client.mjs';
import { ratio } from './figures.mjs';
import { ALL_CPUS, alternate, medianOf, serve, wrk } from './machine.mjs';
import { postgres, roundTrips } from './postgres.mjs';
import { OPEN, PAGE, signingUp } from './sign_ups.mjs';

const PEOPLE = 500;
const ALONE = 20;

// Starts the program on both: { server, other, stop }.
async function both(options, made) {
  const engine = await postgres();
  const { database } = engine;
  const data = await campaignData({ ...made, database });
  const there = { cpu: ALL_CPUS, options: [...options, '--database', database] };
  const server = await serve(data, there);
  const other = await serve(await campaignData(made), { cpu: ALL_CPUS, options });
  const stop = async () => {
    await server.stop();
    await other.stop();
    await engine.stop();
  };
  return { server, other, stop };
}

// In words: the round trips of one request, of which `act(i)` makes the i-th.
async function tripsOf(server, act) {
  await act(0); // statements are prepared by the first
  const all = await roundTrips(server.process.pid, async () => {
    for (let i = 1; i <= ALONE; i++) await act(i);
  });
  if (Number.isNaN(all)) return 'round trips were not counted: nobody can be traced here';
  return `${(all / ALONE).toFixed(1)} round trips for one alone`;
}

const ratesOf = async (...measurements) =>
  (await alternate(...measurements)).map((of) => medianOf(of, 'rate'));

export async function signUpsPostgres() {
  const { server, other, stop } = await both([], OPEN);
  const of = (which, connections) => signingUp(which, { connections, cpu: ALL_CPUS });
  const alone = (i) => signUp(server, OPEN.slug, { email: `alone${i}@example.org` });
  const trips = await tripsOf(server, alone);
  const rates = await ratesOf(of(server, 64), of(other, 64), of(server, 256), of(other, 256));
  await stop();
  const [ours64, base64, ours256, base256] = rates.map(Math.round);
  const what = (clients) => `durable sign-ups on PostgreSQL / on SQLite, ${clients} clients`;
  return {
    figures: [
      ratio(what(64), ours64 / base64, 0.12, 0.25),
      ratio(what(256), ours256 / base256, 0.12, 0.25),
    ],
    note: `${ours64} and ${ours256} a second, on SQLite ${base64} and ${base256}; ${trips}`,
  };
}

export async function pagesPostgres() {
  const { server, other, stop } = await both(['--cache-mb', '0'], { ...OPEN, people: PEOPLE });
  const page = (which) => () => wrk(which.url + PAGE, { cpu: ALL_CPUS });
  const headers = { accept: 'text/html' };
  const trips = await tripsOf(server, () => ask(server, PAGE, { headers }));
  const [ours, base] = (await ratesOf(page(server), page(other))).map(Math.round);
  await stop();
  return {
    figures: [ratio('pages made anew on PostgreSQL / on SQLite, rate', ours / base, 0.18, 0.3)],
    note: `${ours} a second, on SQLite ${base}; ${trips}`,
  };
}
