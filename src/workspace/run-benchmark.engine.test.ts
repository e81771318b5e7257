import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../eval/results.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { quay } from '../testing/plays/quay.ts';
import { Dramatis } from './dramatis.ts';
import { type BenchmarkEvent, runBenchmark } from './run-benchmark.ts';
import type { BenchmarkOptions } from './runs/benchmark-run.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-run-benchmark-'));
const file = (name: string): string => join(at, name);
let dramatis: Dramatis;

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'), { context: 2048 });
  writeFileSync(file('quay.md'), quay());
  dramatis = await Dramatis.open({
    hub: { offline: true, env: { DRAMATIS_HOME: at } },
    compute: { gpu: 'off' },
  });
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

const common = {
  play: file('quay.md'),
  model: file('base.gguf'),
  form: 'script',
  limit: 4,
} as const;

type EventOf<Kind extends BenchmarkEvent['kind']> = Extract<
  BenchmarkEvent,
  { readonly kind: Kind }
>;

async function run(options: BenchmarkOptions) {
  const events: BenchmarkEvent[] = [];
  for await (const event of runBenchmark(dramatis, { ...common, ...options })) events.push(event);
  const of = <Kind extends BenchmarkEvent['kind']>(kind: Kind) =>
    events.filter((event): event is EventOf<Kind> => event.kind === kind);
  return { events, of };
}

const written = (name: string): Results => JSON.parse(readFileSync(file(name), 'utf8')) as Results;

describe('runBenchmark', () => {
  it('reports progress and each task, and ends with results that are in the file too', async () => {
    const { events, of } = await run({
      tasks: ['bits', 'keep'],
      character: 'marva',
      split: 'dev',
      out: file('marva.json'),
    });
    expect(of('progress').at(-1)!.fraction).toBe(1);
    expect(of('measured').map(({ measured }) => measured.task.name)).toEqual(['bits', 'keep']);
    const last = events.at(-1) as EventOf<'results'>;
    expect(last).toMatchObject({ kind: 'results', out: file('marva.json') });
    const { results } = last;
    expect(written('marva.json')).toMatchObject({ character: 'MARVA', split: 'dev', limit: 4 });
    expect(written('marva.json').tasks).toEqual(JSON.parse(JSON.stringify(results.tasks)));
  });

  it('keeps what it measured where a probe that nobody asked for has nothing to ask', async () => {
    // Short speeches: there is nothing to recite.
    const { of } = await run({
      tasks: ['bits'],
      character: 'tollo',
      split: 'dev',
      out: file('tollo.json'),
    });
    expect(of('left out')).toContainEqual({ kind: 'left out', task: 'recite', isProbe: true });
    const { tasks, exposure } = written('tollo.json');
    expect(tasks.map(({ task }) => task)).toEqual(['bits']);
    expect(Object.keys(exposure).some((name) => name.startsWith('recite'))).toBe(false);
  });

  it('leaves out a task that has nothing to ask beside one that has, and refuses where none has', async () => {
    const asked = { character: 'tollo', split: 'dev' } as const;
    const { of } = await run({ ...asked, tasks: ['recite', 'bits'] });
    expect(of('left out')).toContainEqual({ kind: 'left out', task: 'recite', isProbe: false });
    expect(of('results')[0]!.results.tasks.map(({ task }) => task)).toEqual(['bits']);
    await expect(run({ ...asked, tasks: ['recite'] })).rejects.toMatchObject({ code: 'NO_ITEMS' });
  });

  it('goes on where a run was left, to the bytes of a whole one', async () => {
    const asked = { tasks: ['bits', 'keep'], character: 'pavel', split: 'train' } as const;
    await run({ ...asked, out: file('whole.json'), fresh: true });
    const options = { ...common, ...asked, out: file('cut.json') };
    let units = 0;
    for await (const { kind } of runBenchmark(dramatis, { ...options, fresh: true }))
      if (kind === 'progress' && ++units === 2) break;
    const { of } = await run(options);
    expect(of('resumed')).toEqual([{ kind: 'resumed', units: 2 }]);
    for (const end of ['', '.rows.jsonl'])
      expect(readFileSync(file(`cut.json${end}`), 'utf8')).toBe(
        readFileSync(file(`whole.json${end}`), 'utf8'),
      );
  });

  it('says what parts buy, and refuses what cannot be taken away', async () => {
    const asked = { tasks: ['bits'], character: 'marva', split: 'dev' } as const;
    const { events } = await run({ ...asked, ablate: ['persona'], alone: true });
    const last = events.at(-1) as EventOf<'ablation'>;
    expect(last.ablation.settings.map(({ setting }) => setting.name)).toEqual([
      'none',
      'persona alone',
    ]);
    await expect(run({ ...asked, ablate: ['adapter'] })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(run({ ...asked, adapter: 'x-{fold}.gguf' })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('asks questions of one’s own, all of them, about the play that they name', async () => {
    const lines = [
      { format: 'dramatis-questions', version: 1, play: 'quay' },
      ...Array.from({ length: 5 }, (_, i) => ({
        id: `quay-${i}`,
        character: i < 3 ? 'MARVA' : 'TOLLO',
        question: `Who was at the quay on day ${i}?`,
        answer: 'Pavel was.',
        accept: ['pavel'],
        choices: ['Anna was.', 'Nobody was.', 'The king was.'],
        gold: [{ from: `${1 + (i % 4)}.1.1`, end: `${1 + (i % 4)}.1.2` }],
      })),
    ];
    const questions = file('questions.jsonl');
    writeFileSync(questions, lines.map((line) => JSON.stringify(line)).join('\n'));
    const asked = { questions, memory: false, limit: undefined };
    const { of } = await run(asked);
    const { results } = of('results')[0]!;
    expect(results).toMatchObject({ split: 'all', limit: null });
    expect(results.tasks).toMatchObject([{ task: 'know', items: 5 }]);
    expect(Object.keys(results.tasks[0]!.groups!)).toEqual(['MARVA', 'TOLLO']);
    expect(of('left out')).toEqual([]);
    await expect(run({ ...asked, tasks: ['bits'] })).rejects.toMatchObject({ code: 'USAGE' });
    writeFileSync(questions, JSON.stringify({ ...lines[0], play: 'mill' }));
    await expect(run(asked)).rejects.toThrow('has questions about "mill"');
    writeFileSync(questions, 'What?');
    await expect(run(asked)).rejects.toMatchObject({ code: 'QUESTIONS_REFUSED' });
  });
});
