// SPDX-License-Identifier: AGPL-3.0-or-later
// The OpenAPI document as two linters read it, redocly and spectral: neither has anything to say, and
// both see what is planted.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { essaim, newFolder } from './server.mjs';

const bin = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../node_modules/.bin');
const here = (name) => new URL(name, import.meta.url).pathname;
const linters = {
  redocly: (file) => ['redocly', 'lint', file, '--config', here('redocly.yaml')],
  spectral: (file) => ['spectral', 'lint', file, '-r', here('spectral.json'), '--fail-severity=hint'],
};

let folder;
let text;

before(async () => {
  folder = newFolder();
  const { status, out, err } = await essaim('openapi');
  assert.equal(status, 0, err);
  text = out;
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function lint(name, document) {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, document);
  const [program, ...words] = linters[name](file);
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const run = await promisify(execFile)(join(bin, program), words, { env }).catch((error) => error);
  return { found: run instanceof Error, says: `${run.stdout}${run.stderr}` };
}

for (const name of Object.keys(linters))
  test(`${name} finds nothing, and finds what is planted`, async () => {
    const { found, says } = await lint(name, text);
    assert.ok(!found && !/\d+ warning/.test(says), says);
    const wrong = JSON.parse(text);
    wrong.components.schemas.campaign.properties.slug.type = 'strin';
    wrong.paths['/campaigns/{slug}'].get.parameters.shift();
    const planted = await lint(name, JSON.stringify(wrong));
    assert.ok(planted.found);
    assert.match(planted.says, /schemas[./]campaign[./]properties[./]slug[./]type/, 'a wrong type');
    assert.match(planted.says, /[Oo]peration .* define .*parameter .*\{slug\}/, 'a missing parameter');
  });
