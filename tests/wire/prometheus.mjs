// SPDX-License-Identifier: AGPL-3.0-or-later
// A strict reader of Prometheus' text format, version 0.0.4: whatever is not in it, or against the
// conventions of its names, throws. Source: https://prometheus.io/docs/instrumenting/exposition_formats/
import assert from 'node:assert/strict';

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;
const VALUE = /^[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)$|^NaN$/;
const ENDINGS = { histogram: /_(bucket|sum|count)$/, counter: /^$/, gauge: /^$/ };

function readLabels(text) {
  const labels = {};
  LABEL.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const found = LABEL.exec(text);
    assert.ok(found, `labels: ${text}`);
    assert.ok(!(found[1] in labels), `twice the same label: ${text}`);
    labels[found[1]] = found[2].replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
    at = LABEL.lastIndex;
  }
  return labels;
}

function checkHead(family) {
  assert.ok(family.help, `${family.name} has no HELP`);
  assert.ok(family.type in ENDINGS, `${family.name} is a ${family.type}`);
  assert.equal(family.type === 'counter', family.name.endsWith('_total'), `${family.name}: _total`);
  assert.doesNotMatch(family.name, /_(ms|us|milliseconds|minutes|kb|mb)(_|$)/, 'a base unit');
}

// Buckets are cumulative, end with +Inf, which is the count; a sum is there.
function checkHistogram(family) {
  const series = new Map();
  for (const { name, labels, value } of family.samples) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(rest);
    if (!series.has(key)) series.set(key, { buckets: [] });
    if (name.endsWith('_bucket')) series.get(key).buckets.push([Number(le.replace('Inf', 'Infinity')), value]);
    else series.get(key)[name.slice(family.name.length + 1)] = value;
  }
  for (const { buckets, count, sum } of series.values()) {
    assert.equal(buckets.at(-1)[0], Infinity, `${family.name} ends with +Inf`);
    assert.equal(buckets.at(-1)[1], count);
    assert.ok(sum >= 0 && (count > 0 || sum === 0), `${family.name}: the sum of ${count} is ${sum}`);
    for (let i = 1; i < buckets.length; i++) {
      assert.ok(buckets[i][0] > buckets[i - 1][0], `${family.name}: bounds ascend`);
      assert.ok(buckets[i][1] >= buckets[i - 1][1], `${family.name}: buckets are cumulative`);
    }
  }
}

function readSample(line, family, seen) {
  const found = SAMPLE.exec(line);
  assert.ok(found, `no sample: ${line}`);
  const [, name, labels = '', value] = found;
  assert.match(value, VALUE, line);
  assert.ok(family && name.startsWith(family.name), `${name} stands under another name`);
  assert.match(name.slice(family.name.length), ENDINGS[family.type], name);
  const sample = { name, labels: readLabels(labels), value: Number(value.replace('Inf', 'Infinity')) };
  const key = name + JSON.stringify(Object.entries(sample.labels).sort());
  assert.ok(!seen.has(key), `twice the same: ${line}`);
  seen.add(key);
  if (family.type !== 'gauge') assert.ok(sample.value >= 0, line);
  family.samples.push(sample);
}

// { name: { type, help, samples: [{ name, labels, value }] } }
export function readMetrics(text) {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const families = {};
  const seen = new Set();
  let family;
  for (const line of text.slice(0, -1).split('\n')) {
    const head = line.match(new RegExp(`^# (HELP|TYPE) (${NAME}) (\\S.*)$`));
    if (line.startsWith('#')) assert.ok(head, `no head: ${line}`);
    if (head?.[1] === 'HELP') {
      assert.ok(!(head[2] in families), `${head[2]} is there twice`);
      family = families[head[2]] = { name: head[2], help: head[3], samples: [] };
    } else if (head) {
      assert.ok(family.name === head[2] && !family.type && family.samples.length === 0, line);
      family.type = head[3];
      checkHead(family);
    } else {
      readSample(line, family, seen);
    }
  }
  for (const one of Object.values(families)) if (one.type === 'histogram') checkHistogram(one);
  return families;
}

// The value of the sample with that name (of its family, or with _sum, _count) and those labels; 0
// when there is none.
export function valueOf(families, name, labels = {}) {
  const family = families[name] ?? families[name.replace(/_(sum|count)$/, '')];
  assert.ok(family, `no ${name}`);
  const fits = (sample) =>
    sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
  return family.samples.filter(fits).reduce((sum, sample) => sum + sample.value, 0);
}
