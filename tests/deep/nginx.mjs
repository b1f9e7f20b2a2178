// SPDX-License-Identifier: AGPL-3.0-or-later
// Debian's nginx for one test file, which serves what stands in `http`; all its files are in the folder.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export function startNginx(folder, http) {
  const file = join(folder, 'nginx.conf');
  const places = TEMPORARY.map((name) => `${name}_temp_path ${folder}/${name};`);
  const lines = [
    'daemon off;',
    'user root;',
    'worker_processes 1;',
    `pid ${folder}/nginx.pid;`,
    `error_log ${folder}/error.log;`,
    'events {}',
    'http {',
    ...places,
    http,
    '}',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return spawn('/usr/sbin/nginx', ['-p', folder, '-c', file], { stdio: ['ignore', 'inherit', 'inherit'] });
}
