// SPDX-License-Identifier: AGPL-3.0-or-later
// System calls of a running program that fail for as long as a test wants: strace is put on it, and
// taken off again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './server.mjs';
import { until } from './client.mjs';

const CALLS = 'openat,close,pread64,pwrite64,fsync,fdatasync';

export class Faults {
  // `inject`: as strace has it, fdatasync:error=EIO:when=1; `only`: those of that file. Resolves once
  // they happen; null: this machine lets nobody be traced.
  static async begin(server, inject, only) {
    const faults = new Faults();
    faults.folder = newFolder();
    faults.file = join(faults.folder, 'calls');
    const what = ['-e', `trace=${CALLS}`, '-e', `inject=${inject}`];
    if (only) what.push('-P', only);
    const words = ['-f', '-y', '-s', '0', '-o', faults.file, ...what, '-p', server.process.pid];
    faults.process = spawn('strace', words, { stdio: ['ignore', 'ignore', 'pipe'] });
    faults.ended = once(faults.process, 'exit');
    let said = '';
    faults.process.stderr.on('data', (piece) => (said += piece));
    const isThere = () => /attached|not permitted/i.test(said) || faults.process.exitCode !== null;
    await until('strace is attached', isThere);
    if (said.includes('attached')) return faults;
    await faults.end();
    console.log(`nobody can be traced here: ${said}`);
    return null;
  }

  // The calls so far of the thread that met the first of them, a line each, without the thread.
  calls() {
    const lines = readFileSync(this.file, 'utf8').split('\n');
    const first = lines.findIndex((line) => line.includes('(INJECTED)'));
    const [thread] = lines[first].split(' ');
    return lines
      .slice(first)
      .filter((line) => line.startsWith(`${thread} `))
      .map((line) => line.slice(thread.length).trim());
  }

  async end() {
    this.process.kill('SIGTERM');
    await this.ended;
  }

  forget() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
