// SPDX-License-Identifier: AGPL-3.0-or-later
// Stands between a scanner and a server: signs each request in, as a browser of the same site would send
// it, and as if it came from another network, so that limits do not blind the scanner. Keeps from the
// server what would end the login, and counts the answers.
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';

const NETWORKS = 1 << 16;

// Resolves to { url, answers: { status: count }, paths: Set, faults: [line], close }.
export async function startRelay({ target, cookie, keepOff }) {
  const agent = new Agent({ keepAlive: true });
  const relay = { answers: {}, paths: new Set(), faults: [] };
  let sent = 0;

  const server = createServer((rq, reply) => {
    if (keepOff.some((path) => path.test(rq.url))) return reply.writeHead(204).end();
    const n = sent++ % NETWORKS;
    const headers = {
      ...rq.headers,
      'x-forwarded-for': `10.${n >> 8}.${n & 255}.7`,
      'sec-fetch-site': 'same-origin',
      ...(cookie && { cookie }),
    };
    const { port } = target();
    const passed = request({ host: '127.0.0.1', port, agent, path: rq.url, method: rq.method, headers });
    passed.on('response', (answer) => {
      const { statusCode: status } = answer;
      relay.answers[status] = (relay.answers[status] ?? 0) + 1;
      if (status < 400) relay.paths.add(`${rq.method} ${rq.url.split('?')[0]}`);
      if (status >= 500) relay.faults.push(`${status} ${rq.method} ${rq.url}`);
      reply.writeHead(status, answer.headers);
      answer.pipe(reply);
    });
    passed.on('error', (error) => {
      relay.faults.push(`${error.code} ${rq.method} ${rq.url}`);
      reply.destroy();
    });
    rq.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  relay.url = `http://127.0.0.1:${server.address().port}`;
  relay.close = () => {
    server.closeAllConnections();
    server.close();
    agent.destroy();
  };
  return relay;
}
