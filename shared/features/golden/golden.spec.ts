import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asPattern, kinds } from '../index.ts';

/**
 * Rule 17: a record of every version that ever landed is read for good. A file is `<kind>.v<version>.json`, the kind's
 * samples as that version wrote them; it is written once, when the version is made, and never changed after it has shipped.
 */
const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter((f) => f.endsWith('.json'));

describe('rule 17: old entries stay readable', () => {
  it.each(kinds)('%s has a golden file of its present version', (kind) => {
    expect(files).toContain(`${kind}.v${asPattern[kind].version}.json`);
  });

  it.each(files)('%s is read through upgrade and schema, and loses nothing', (file) => {
    const [, kind, version] = /^(\w+)\.v(\d+)\.json$/.exec(file) ?? [];
    const feature = asPattern[kind as keyof typeof asPattern];
    const bodies = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, unknown>[];
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      const raised = feature.upgrade(body, Number(version));
      expect(feature.record.schema.parse(raised)).toEqual(raised);
      expect(Object.keys(raised).sort()).toEqual(Object.keys(feature.record.fields).sort());
    }
  });
});

describe('samples of every kind', () => {
  it.each(kinds)('%s: complete, with a reference for each personal value', (kind) => {
    const feature = asPattern[kind];
    for (const { id, body, personal } of feature.samples()) {
      expect(id).not.toBe('');
      expect(feature.record.schema.parse(body)).toEqual(body);
      const given = Object.keys(personal ?? {}).sort();
      expect(feature.record.personalFields.filter((f) => body[f] !== null).sort()).toEqual(given);
      expect(feature.words(body).every((w) => typeof w === 'string')).toBe(true);
      expect(Number.isFinite(feature.order(body))).toBe(true);
    }
  });
});
