import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Measured } from '../../engine/bench/measured.ts';
import { compareSpeed } from '../../workspace/bench/compare-speed.ts';
import { readSpeedFile, type SpeedFile, writeSpeedFile } from '../../workspace/bench/speed-file.ts';
import { speedPage } from './page.ts';
import { speedComparisonText, speedLine } from './text.ts';

const row = (at: Measured['at'], ...samples: readonly number[]): Measured => ({
  ...{ bench: 'context', what: 'generation', unit: 'tokens/s', higherIsBetter: true, at, samples },
});
const latency = (...samples: readonly number[]): Measured => ({
  ...{ bench: 'start', what: 'first token, warm', unit: 'ms', higherIsBetter: false, at: {} },
  samples,
});

function file(rows: readonly Measured[]): SpeedFile {
  return {
    ...{ format: 'dramatis-speed', formatVersion: 1, date: '2026-01-02T03:04:05.000Z' },
    versions: { dramatis: '0.0.0', commit: 'abc' },
    machine: {
      ...{ cpu: 'A <b>processor</b>', family: '6.207', cores: 2, processors: 2 },
      ...{ features: ['avx2'], governor: '', memoryBytes: 1e9, system: 'linux', node: 'v20' },
      devices: ['CPU'],
    },
    model: {
      name: 'tiny',
      description: 'llama 1M',
      sha256: 'a'.repeat(64),
      bytes: 1,
      parameters: 1,
    },
    ...{ threads: 'auto', gpu: 'off', rows },
  };
}

const now = file([
  row({ context: 128 }, 100, 101, 102),
  row({ context: 512 }, 50, 51, 52),
  latency(300, 301, 302),
]);
const before = file([
  row({ context: 128 }, 80, 81, 82),
  row({ context: 512 }, 49, 51, 53),
  latency(200, 201, 202),
]);

describe('What a machine was measured at', () => {
  it('fits a terminal, a line for each thing', () => {
    expect(speedLine(row({ context: 2048 }, 99, 101))).toMatch(
      /^generation, context 2,048 +100\.0 tokens\/s +± 1\.4 %$/,
    );
    const wide = { ...row({ sequences: 16 }, 1), what: 'w'.repeat(90) };
    expect(speedLine(wide).length).toBeLessThanOrEqual(80);
  });

  it('is set against an earlier run: what is better, worse, and not to be told', () => {
    const comparison = compareSpeed(now, before);
    expect(comparison.rows.map(({ verdict }) => verdict)).toEqual([
      'better',
      'cannot tell',
      'worse',
    ]);
    expect(comparison.differences).toEqual([]);
    const lines = speedComparisonText(comparison).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(
      /^context generation, context 128 +1\.247 +\[1\.\d+, 1\.\d+\] better$/,
    );
  });

  it('says what differs besides the program, and what has no row in common', () => {
    const other = { ...before, threads: 1, machine: { ...before.machine, cores: 8 } };
    const { differences } = compareSpeed(now, other);
    expect(differences).toEqual(['cores: 2 here, 8 there', 'threads: auto here, 1 there']);
    expect(speedComparisonText(compareSpeed(now, file([])))).toBe('The two have no row in common.');
  });

  it('is a page with a curve for each run, and nothing of a name as markup', () => {
    const html = speedPage([now, before]);
    expect(html.match(/<svg/g)).toHaveLength(1);
    expect(html).toContain('generation, tokens/s, over tokens in the context');
    expect(html).toContain('A &#60;b&#62;processor');
    expect(html).not.toContain('<b>processor');
  });

  describe('in a file', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dramatis-speed-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it('is read as it was written', async () => {
      const path = join(folder, 'one.json');
      await writeSpeedFile(path, now);
      expect(await readSpeedFile(path)).toEqual(now);
    });

    it.each([
      ['{"format": "dramatis-bench"}', 'is not what'],
      ['{"format": "dramatis-sp', 'is not what'],
      ['{"format": "dramatis-speed", "formatVersion": 2}', 'version 2'],
      [JSON.stringify({ ...now, rows: [{ ...now.rows[0], samples: [] }] }), 'without samples'],
    ])('is refused where it is %.50s', async (text, what) => {
      const path = join(folder, 'bad.json');
      await writeFile(path, text);
      await expect(readSpeedFile(path)).rejects.toMatchObject({
        code: 'RESULTS_MISMATCH',
        message: expect.stringContaining(what),
      });
    });

    it('is missed by name', async () => {
      await expect(readSpeedFile(join(folder, 'none.json'))).rejects.toMatchObject({
        code: 'FILE_MISSING',
      });
    });
  });
});
