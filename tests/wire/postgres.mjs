// SPDX-License-Identifier: AGPL-3.0-or-later
// A PostgreSQL server for one test file, by tools/postgres.py: { database, folder }.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { firstLine } from './client.mjs';

export const TOOL = new URL('../../tools/postgres.py', import.meta.url).pathname;

export async function startPostgres() {
  const server = spawn(TOOL, ['sh', '-c', 'echo $ESSAIM_TEST_DATABASE; cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const database = await firstLine(server);
  const stop = async () => {
    server.stdin.end();
    await once(server, 'exit');
  };
  return { database, folder: new URL(database).searchParams.get('host'), stop };
}
