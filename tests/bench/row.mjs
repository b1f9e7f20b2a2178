// SPDX-License-Identifier: AGPL-3.0-or-later
// One row of the bench, in a process of its own: row.mjs NAME MILLISECONDS. Whatever it started ends
// with it (wire/server.mjs), when its time is over as well.
import { rows } from './rows.mjs';

const [name, ms] = process.argv.slice(2);

function tell(found, status) {
  process.send(found, () => process.exit(status));
}

const late = () => tell({ failed: `not done within ${Math.round(ms / 1000)} seconds` }, 1);
setTimeout(late, Number(ms));
// The bench was ended.
for (const how of ['disconnect', 'SIGINT', 'SIGTERM']) process.on(how, () => process.exit(1));
try {
  tell(await rows[name](), 0);
} catch (error) {
  tell({ failed: error.stack }, 1);
}
