// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading an OpenAPI document: its operations, values for their parameters and bodies at and beyond
// every bound, and whether an answer is one that an operation declares.
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';

// [{ method, path, ...operation }], in the document's order.
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
}

// The operation that serves a path, if any; a fixed part goes before one that stands for others.
export function operationFor(operations, method, path) {
  const pattern = (one) => new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`);
  const all = operations.filter((one) => one.method === method && pattern(one).test(path));
  return all.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
}

export function resolve(document, thing) {
  if (!thing?.$ref) return thing;
  const names = thing.$ref.slice(2).split('/');
  return names.reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

// The document does not forbid what it does not name, so that others may be added; these tests do.
function tightened(schemas) {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, { additionalProperties: false, ...schema }]),
  );
}

// says(operation, answer): undefined, or why the answer is none that the operation declares.
export function judge(document) {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats(ajv);
  ajv.addSchema({ $id: 'document', components: { schemas: tightened(document.components.schemas) } });
  const compiled = new Map();
  const check = (schema, body) => {
    const key = JSON.stringify(schema);
    if (!compiled.has(key))
      compiled.set(key, ajv.compile(JSON.parse(key.replaceAll('"#/', '"document#/'))));
    const validate = compiled.get(key);
    return validate(body) ? undefined : ajv.errorsText(validate.errors);
  };
  return (operation, { status, type, text }) => {
    const response = resolve(document, operation.responses[status]);
    if (!response) return `${status} is not declared`;
    if (!response.content) return undefined;
    const media = type.split(';')[0];
    const content = response.content[media] ?? response.content['*/*'];
    if (!content) return `${status} ${media} is not declared`;
    return media.endsWith('json') ? check(content.schema, JSON.parse(text)) : undefined;
  };
}

const EMAIL = 'camille@example.org';
const handleBounds = /\{(\d+),(\d+)\}/;

// Any value that fits.
export function sample(schema) {
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.examples) return schema.examples[0];
  if (schema.type === 'integer') return schema.minimum;
  if (schema.type === 'boolean') return true;
  if (schema.format === 'email') return EMAIL;
  if (schema.pattern?.includes('[0-9] *')) return '123456';
  const bounds = schema.pattern?.match(handleBounds);
  if (bounds) return 'a'.repeat(Number(bounds[1]));
  if (schema.pattern?.startsWith('^/')) return '/account';
  return 'a'.repeat(Math.max(schema.minLength ?? 0, 1));
}

// What lies at the bounds, and what lies beyond them: [{ value, fits }].
export function bounds(schema, required) {
  const fits = (value) => ({ value, fits: true });
  const beyond = (value) => ({ value, fits: false });
  if (schema.type === 'boolean') return [fits(true), required ? beyond(false) : fits(false)];
  if (schema.type === 'integer')
    return [
      ...[fits(schema.minimum), beyond(schema.minimum - 1)],
      ...(Number.isSafeInteger(schema.maximum + 1) ? [fits(schema.maximum), beyond(schema.maximum + 1)] : []),
    ];
  if (schema.enum) return [...schema.enum.map(fits), beyond('no-such-answer')];
  if (schema.pattern?.includes('[0-9] *')) return [fits('123 456'), beyond('12345'), beyond('1234567')];
  const lengths = schema.pattern?.match(handleBounds);
  if (lengths) {
    const [min, max] = lengths.slice(1).map(Number);
    const short = min > 1 ? [beyond('a'.repeat(min - 1))] : [];
    return [fits('a'.repeat(min)), fits('a'.repeat(max)), beyond('a'.repeat(max + 1)), ...short];
  }
  if (schema.format === 'email') {
    const longest = (last) =>
      `${'a'.repeat(64)}@${'b'.repeat(61)}.${'c'.repeat(61)}.${'d'.repeat(last)}.fr`;
    return [fits(longest(62)), beyond(longest(63)), beyond('a')]; // 254 bytes, and one more
  }
  const all = [];
  if (schema.minLength)
    all.push(fits('a'.repeat(schema.minLength)), beyond('a'.repeat(schema.minLength - 1)));
  if (schema.maxLength)
    all.push(fits('a'.repeat(schema.maxLength)), beyond('a'.repeat(schema.maxLength + 1)));
  return all;
}
