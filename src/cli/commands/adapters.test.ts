import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Results } from '../../eval/results.ts';
import type { AdapterVersion } from '../../registry/version.ts';
import { fileSha256 } from '../../store/sha256.ts';
import { writeTinyAdapter, writeTinyModel } from '../../testing/models/tiny-model.ts';
import { printings } from '../../testing/plays/ostrava.ts';
import { runCommandLine } from '../command-line.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-adapters-'));
const file = (name: string): string => join(at, name);
const home = process.env.DRAMATIS_HOME;

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'));
  await writeTinyModel(file('other.gguf'), { seed: 2 });
  for (const seed of [1, 2, 3]) await writeTinyAdapter(file(`${seed}.gguf`), { seed });
  writeFileSync(file('lantern.md'), printings.Markdown!);
});
afterAll(() => {
  if (home === undefined) delete process.env.DRAMATIS_HOME;
  else process.env.DRAMATIS_HOME = home;
  rmSync(at, { recursive: true });
});

let out: string[] = [];
beforeEach(() => {
  process.env.DRAMATIS_HOME = mkdtempSync(join(at, 'home-'));
  vi.spyOn(process.stdout, 'write').mockImplementation(
    (text) => out.push(String(text).replace(/\n$/, '')) > 0,
  );
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What `dramatis adapters …` prints. */
async function adapters(...args: string[]): Promise<string> {
  out = [];
  await runCommandLine(['adapters', ...args]);
  return out.join('\n');
}
const json = async <T>(...args: string[]): Promise<T> =>
  JSON.parse(await adapters(...args, '--json'));

const whose = ['--character', 'marta', '--play', file('lantern.md')];
const imported = (from: string, ...more: string[]) =>
  json<AdapterVersion>(
    ...['import', file(from), '--model', file('base.gguf'), ...whose, '--form', 'script', ...more],
  );

/** What `dramatis eval --json` would write, as far as it is looked at. */
async function resultsFile(version: AdapterVersion, split: string): Promise<string> {
  const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01, n: 30 });
  const metric = (name: string, value: number, base: number) => ({
    metric: name,
    rows: { subject: estimate(value), base: estimate(base) },
    differences: { base: estimate(value - base) },
  });
  const results = {
    format: 'dramatis-bench',
    formatVersion: 1,
    split,
    play: { sha256: version.edition },
    subject: {
      modelSha256: version.base.sha256,
      adapter: { sha256: version.sha256, scale: 1 },
    },
    tasks: [
      { task: 'bits', metrics: [metric('own', 1.46, 1.53)] },
      { task: 'voice', metrics: [metric('AUC', 0.8, 0.6)] },
      { task: 'keep', metrics: [metric('bits of prose', 1.005, 1)] },
      { task: 'recite', metrics: [metric('extracted', 0.02, 0)] },
    ],
  } as unknown as Results;
  const path = file(`${version.id}-${split}.json`);
  writeFileSync(path, JSON.stringify(results));
  return path;
}

describe('dramatis adapters', () => {
  it('imports, lists, shows and compares versions, by the start of an id', async () => {
    const one = await imported('1.gguf', '--note', 'the first');
    const two = await imported('2.gguf', '--note', 'a \u001b[31mred\nherring');
    expect(await adapters('show', two.id)).toContain('a \\x1b[31mred herring');
    expect(one).toMatchObject({ character: 'MARTA', play: 'lantern', form: 'script', rank: 4 });
    expect(one.base.name).toBe('base.gguf');
    expect(one.base.sha256).toBe(await fileSha256(file('base.gguf')));
    const listed = await json<(AdapterVersion & { promoted: boolean })[]>('list');
    expect(listed.map(({ id }) => id).sort()).toEqual([one.id, two.id].sort());
    expect(await adapters('list', '--character', 'marta')).toMatch(/MARTA +lantern/);
    expect(await adapters('list', '--character', 'bruno')).toBe('');
    const shown = await json<{ version: AdapterVersion; gate: { passes: boolean } }>(
      'show',
      one.id.slice(0, 9),
    );
    expect(shown.version).toEqual(one);
    expect(shown.gate.passes).toBe(false);
    const fields = await json<{ field: string }[]>('diff', one.id, two.id);
    expect(fields.map(({ field }) => field)).toEqual(expect.arrayContaining(['sha256', 'note']));
    const texts = [
      await adapters('list'),
      await adapters('show', one.id),
      await adapters('diff', one.id, two.id),
    ];
    for (const line of texts.join('\n').split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('promotes with the figures of two runs, refuses without, and goes back', async () => {
    const [one, two] = [await imported('1.gguf'), await imported('2.gguf')];
    await expect(adapters('promote', one.id)).rejects.toMatchObject({ code: 'GATE_REFUSED' });
    for (const version of [one, two]) {
      const [dev, train] = [await resultsFile(version, 'dev'), await resultsFile(version, 'train')];
      const figures = ['--results', dev, '--results', train];
      // It is from elsewhere: good figures are not enough.
      await expect(adapters('promote', version.id, ...figures)).rejects.toThrow(
        /does not pass: origin: its training rows were not seen here[^;]*$/,
      );
      const said = await adapters('promote', version.id, '--force', 'Ada trained it');
      expect(said).toMatch(/passes {2}bits +bits gain 0.07 \[0.06, 0.08\]/);
    }
    expect(await adapters('list')).toMatch(new RegExp(`\\* ${two.id}`));
    const back = await json<{ from: string; to: AdapterVersion }>(
      'rollback',
      'marta',
      '--reason',
      'too loud',
    );
    expect(back).toMatchObject({ from: two.id, to: { id: one.id } });
    expect(await adapters('show', two.id)).toMatch(/too loud/);
    await expect(adapters('rollback', 'bruno')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`in use are ${one.id} (MARTA, lantern`),
    });
    expect(await adapters('rollback', one.id.slice(0, 6))).toMatch(/nothing of its own is in use/);
  });

  it('takes no figures of another adapter, nor of scenes that tell nothing', async () => {
    const [one, two] = [await imported('1.gguf'), await imported('2.gguf')];
    const other = await resultsFile(two, 'dev');
    await expect(adapters('promote', one.id, '--results', other)).rejects.toThrow(
      /is of the adapter/,
    );
    const holdout = await resultsFile(one, 'holdout');
    await expect(adapters('promote', one.id, '--results', holdout)).rejects.toThrow(
      /no figure for the gate/,
    );
    await expect(adapters('promote', one.id, '--force', ' ')).rejects.toMatchObject({
      code: 'USAGE',
    });
    await adapters('promote', one.id, '--force', 'a rehearsal');
    expect(await adapters('show', one.id)).toMatch(/forced by dramatis .*: a rehearsal/s);
  });

  it('exports for PEFT what it imports as the same numbers', async () => {
    const one = await imported('1.gguf');
    await adapters(
      'export',
      one.id,
      file('peft'),
      '--model',
      file('base.gguf'),
      '--base-name',
      'me/tiny',
    );
    expect(readFileSync(file('peft/adapter_config.json'), 'utf8')).toContain('"me/tiny"');
    const again = await imported('peft');
    const changed = await json<{ field: string }[]>('diff', one.id, again.id);
    // Another order of matrices and no provenance make another file; the matrices are the same.
    expect(
      changed.map(({ field }) => field).filter((field) => /^(?:norms|rank|alpha)/.test(field)),
    ).toEqual([]);
    await adapters('export', one.id, file('out.gguf'));
    expect(readFileSync(file('out.gguf')).equals(readFileSync(file('1.gguf')))).toBe(true);
    await expect(adapters('export', one.id, file('out.gguf'))).rejects.toThrow(/is there already/);
    const wrong = adapters('export', one.id, file('peft2'), '--model', file('other.gguf'));
    await expect(wrong).rejects.toMatchObject({ code: 'ADAPTER_MISMATCH' });
  });

  it('imports nothing whose base or form is not known', async () => {
    const from = ['import', file('1.gguf'), ...whose];
    await expect(adapters(...from)).rejects.toThrow(/model/);
    await expect(adapters(...from, '--model', file('base.gguf'))).rejects.toThrow(/give --form/);
    writeFileSync(file('cut.gguf'), readFileSync(file('1.gguf')).subarray(0, 9000));
    await expect(imported('cut.gguf')).rejects.toMatchObject({
      code: 'GGUF_INVALID',
      message: expect.stringMatching(/^[^\n]*cut\.gguf: [^\n]+$/),
    });
  });

  it('names what is damaged and ends with 1, and prunes what is out of use', async () => {
    const versions = [await imported('1.gguf'), await imported('2.gguf'), await imported('3.gguf')];
    await adapters('promote', versions[0]!.id, '--force', 'a rehearsal');
    expect(await json('prune', '--keep', '1', '--dry-run')).toHaveLength(1);
    expect(await json('list')).toHaveLength(3);
    await adapters('prune', '--keep', '1');
    const left = await json<AdapterVersion[]>('list');
    expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining([versions[0]!.id]));
    expect(left).toHaveLength(2);
    expect(await json('verify')).toEqual({ checked: 2, damage: [], faults: [] });
    const path = join(process.env.DRAMATIS_HOME!, 'adapters', versions[0]!.id, 'adapter.gguf');
    const bytes = readFileSync(path);
    bytes[5000]! ^= 4;
    writeFileSync(path, bytes);
    expect(await adapters('verify')).toBe(`${path} is damaged: its content has changed`);
    expect(process.exitCode).toBe(1);
  });
});
