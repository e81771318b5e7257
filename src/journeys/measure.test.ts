import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Results } from '../eval/results.ts';
import type { Ablation } from '../eval/run/ablate.ts';
import { home } from '../testing/home.ts';
import { dramatis, folder, start } from './dramatis.ts';

/** Whom every run is about. */
const hamlet = ['--character', 'hamlet', '--offline', '--gpu', 'off'] as const;

async function measured(file: string, ...args: readonly string[]): Promise<Results> {
  const { code, err } = await dramatis(['eval', ...args, ...hamlet, '--json', file]);
  expect(code, err).toBe(0);
  return JSON.parse(await readFile(file, 'utf8')) as Results;
}

const value = ({ tasks }: Results, task: string, row: string, metric = 0): number =>
  tasks.find((one) => one.task === task)!.metrics[metric]!.rows[row]!.value;

/** Resolves when a run that began at `since`, in milliseconds of the epoch, would have an answer to go on with. */
async function answerKept(since: number): Promise<void> {
  const at = join(home, 'runs', 'eval');
  for (;;) {
    const names = await readdir(at, { recursive: true }).catch(() => []);
    for (const name of names.filter((name) => name.endsWith('.jsonl'))) {
      const { mtimeMs } = await stat(join(at, name));
      if (mtimeMs >= since && (await readFile(join(at, name), 'utf8')).includes('"answers"'))
        return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('A measured model', () => {
  it('keeps every order that must hold, with each control where chance is', async () => {
    await using work = await folder();
    const file = join(work.path, 'results.json');
    const scenes = 'next addressee stage when act'.split(' ');
    const tasks = [
      ...'cue voice bits cloze metre style duet quartet mask keep'.split(' '),
      ...scenes,
    ];
    // Of the levers none is on: what they do is asked below, and every row is computed once here.
    const off = ['--no-persona', '--steer', 'off'];
    const results = await measured(file, ...tasks, '--limit', '2', ...off, '--fresh');
    expect(results.tasks.map(({ task }) => task).sort()).toEqual([...tasks].sort());
    expect(results.tasks.flatMap(({ broken }) => broken)).toEqual([]);
    // Of four to choose from: what knows nothing is near chance, and the original above all.
    expect(value(results, 'cue', 'original')).toBe(1);
    expect(value(results, 'cue', 'impostor')).toBeLessThan(0.7);
    // Bits of own speeches: two items may hold none of others' to compare them with.
    expect(value(results, 'bits', 'shuffled', 1)).toBeGreaterThan(
      value(results, 'bits', 'subject', 1),
    );
    expect(results.exposure['recite: extracted']!.value).toBeLessThan(0.5);
    expect(results.samples.length).toBeGreaterThan(1);
    const harness = results as unknown as { results: Record<string, Record<string, number>> };
    expect(harness.results.cue!['accuracy,none']).toBe(value(results, 'cue', 'subject'));

    const page = await dramatis(['eval', 'report', file, '--out', work.path]);
    expect(page.code, page.err).toBe(0);
    const html = await readFile(join(work.path, 'report.html'), 'utf8');
    expect(html).toContain("default-src 'none'");
    expect(html.length).toBeLessThan(5_000_000);
    // A minute on two quick cores; a slow machine takes three times as long.
  }, 600_000);

  it('gives the same bytes in one run and in one that was killed and gone on with', async () => {
    await using work = await folder();
    const args = ['bits', 'keep', '--limit', '2'] as const;
    const files = ['whole', 'cut'].map((name) => join(work.path, name));
    const first = await measured(files[0]!, ...args, '--fresh');
    const since = Date.now();
    const cut = start(['eval', ...args, ...hamlet, '--fresh', '--json', files[1]!]);
    const ended = once(cut, 'close');
    await answerKept(since);
    cut.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const rest = await dramatis(['eval', ...args, ...hamlet, '--json', files[1]!]);
    expect(rest.code, rest.err).toBe(0);
    expect(rest.err).toContain('going on with a run that was cut');
    expect(value(first, 'bits', 'base', 1)).toEqual(expect.any(Number));
    expect(value(first, 'bits', 'base', 1)).not.toBe(value(first, 'bits', 'subject', 1));
    const [whole, gone] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(gone).toBe(whole);
    const rows = await Promise.all(files.map((file) => readFile(`${file}.rows.jsonl`, 'utf8')));
    expect(new Set(rows).size).toBe(1);

    const compared = await dramatis(['eval', 'compare', files[0]!, files[1]!]);
    expect(compared.code, compared.err).toBe(0);
    expect(compared.out).toContain('cannot tell');
    const object = join(work.path, 'compared.json');
    const plain = await dramatis(['eval', 'compare', ...files, '--json', '--out', object]);
    expect(plain.code, plain.err).toBe(0);
    expect(plain.out).toBe(await readFile(object, 'utf8'));
    expect(JSON.parse(plain.out)).toMatchObject({ tasks: [{ task: 'bits' }, { task: 'keep' }] });
    const ignored = await dramatis(['eval', 'compare', ...files, '--limit', '3']);
    expect(ignored).toMatchObject({ code: 2, out: '', err: expect.stringContaining('limit') });
    const ofAnother = gone!.replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${'0'.repeat(64)}"`);
    await writeFile(files[1]!, ofAnother);
    const damaged = await dramatis(['eval', 'compare', files[0]!, files[1]!]);
    expect(damaged).toMatchObject({ code: 1, err: expect.stringContaining('is damaged') });
    // Of a version that kept no checksum.
    const { contentSha256: _, ...unchecked } = JSON.parse(ofAnother);
    await writeFile(files[1]!, JSON.stringify(unchecked));
    const refused = await dramatis(['eval', 'compare', files[0]!, files[1]!]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('0'.repeat(64)) });
  });

  it('says what each lever buys', async () => {
    const { code, out, err } = await dramatis([
      ...['eval', 'bits', '--ablate', 'persona', '--limit', '3', ...hamlet],
    ]);
    expect(code, err).toBe(0);
    for (const setting of ['all but persona', 'none', 'persona alone'])
      expect(out).toContain(setting);
  });

  it('puts levers on one by one, scored as those without are', async () => {
    await using work = await folder();
    const file = join(work.path, 'alone.json');
    const { code, err } = await dramatis([
      ...['eval', 'bits', '--ablate', 'control,preset', '--alone', '--steer', 'off'],
      ...['--limit', '2', '--json', file, ...hamlet],
    ]);
    expect(code, err).toBe(0);
    const { character, settings } = JSON.parse(await readFile(file, 'utf8')) as Ablation &
      Pick<Results, 'character'>;
    expect(character).toBe('HAMLET');
    const own = settings.map(({ setting, cells }) => {
      const cell = cells.find(({ metric }) => metric === 'own')!;
      return [setting.name, cell.difference?.value];
    });
    expect(own).toEqual([
      ['none', undefined],
      ['preset alone', 0],
      ['control alone', expect.any(Number)],
    ]);
    expect(own[2]![1]).not.toBe(0);
  });
});

describe('An evaluation that cannot be', () => {
  const refusal = async (...args: readonly string[]) => {
    const { code, out, err } = await dramatis(['eval', ...args, '--offline', '--gpu', 'off']);
    expect(out).toBe('');
    return { code, err };
  };

  it('is refused with a line of what and a line of remedy', async () => {
    expect(await refusal('cuee', '--character', 'hamlet')).toMatchObject({
      code: 2,
      err: expect.stringContaining('cue, voice'),
    });
    expect(await refusal('cue')).toMatchObject({ code: 2 });
    expect((await refusal('cue', '--character', 'hamlt', '--play', 'hamlet')).code).toBe(1);
    const none = await refusal('cue', '--character', 'francisco', '--play', 'hamlet');
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('no items for FRANCISCO') });
    expect(none.err.trim().split('\n')).toHaveLength(2);
    const ablation = await refusal('cue', '--character', 'hamlet', '--ablate', 'luck');
    expect(ablation).toMatchObject({ code: 2, err: expect.stringContaining('persona') });
  });

  it('names the speakers of a transcript whom nobody knows', async () => {
    await using work = await folder();
    const file = join(work.path, 'talk.jsonl');
    await writeFile(
      file,
      '{"speaker":"HAMLET","text":"Who?"}\n{"speaker":"YORRICK THE II","text":"I."}\n',
    );
    const { code, err } = await refusal('duet', '--play', 'hamlet', '--transcript', file);
    expect(code).toBe(1);
    expect(err).toContain('YORRICK THE II');
  });
});

describe('The items of a task', () => {
  it('are printed a line each, the same ones each time', async () => {
    const args = ['eval', 'items', 'when', '--play', 'macbeth', '--split', 'dev', '--offline'];
    const [first, again] = [await dramatis(args), await dramatis(args)];
    expect(first.code, first.err).toBe(0);
    expect(first.out).toBe(again.out);
    for (const line of first.out.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({
        task: 'when',
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
      });
  });
});
