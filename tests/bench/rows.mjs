// SPDX-License-Identifier: AGPL-3.0-or-later
// The rows of the bench, in the order in which they are measured.
import { day } from './rows_day.mjs';
import { lists } from './rows_lists.mjs';
import { live } from './rows_live.mjs';
import { busy, cached, uncached } from './rows_pages.mjs';
import { pagesPostgres, signUpsPostgres } from './rows_postgres.mjs';
import { signUps64, signUps256 } from './rows_sign_ups.mjs';
import { idle, size, start } from './rows_size.mjs';

export const rows = {
  cached,
  uncached,
  busy,
  'sign-ups-64': signUps64,
  'sign-ups-256': signUps256,
  'sign-ups-postgres': signUpsPostgres,
  'pages-postgres': pagesPostgres,
  live,
  lists,
  idle,
  start,
  size,
  day,
};
