// SPDX-License-Identifier: AGPL-3.0-or-later
// What a row of the bench finds: figures, each beside what is wanted of it.
import assert from 'node:assert/strict';

function figure(what, value, text, reached, wanted) {
  assert.ok(Number.isFinite(value), `${what}: ${value}`);
  return { what, text, reached, wanted };
}

// Ours to its reference in the same run; `aim` is more than what is wanted.
export function ratio(what, value, wanted, aim) {
  const more = aim ? `, aim ${aim}` : '';
  return figure(what, value, value.toFixed(2), value >= wanted, `${wanted}${more}`);
}

export function atMost(what, value, unit, most) {
  const digits = Number.isInteger(value) || value >= 10 ? 0 : 1;
  const text = `${value.toFixed(digits)} ${unit}`;
  return figure(what, value, text, value <= most, `at most ${most} ${unit}`.trim());
}

export const atLeast = (what, value, least) =>
  figure(what, value, String(value), value >= least, `at least ${least}`);

// Of which nothing is wanted but to know it.
export const stated = (what, text) => ({ what, text });
