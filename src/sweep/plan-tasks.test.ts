import { describe, expect, it } from 'vitest';
import type { SweepInput } from './manifest.ts';
import { planTasks } from './plan-tasks.ts';
import type { Study } from './study.ts';

const model = { kind: 'model', name: 'small', sha256: 'aa' } as const;
const plan = (study: Partial<Study>, inputs: readonly SweepInput[] = [model], program = 'd 1') =>
  planTasks(
    {
      path: '/a/study.json',
      text: '',
      study: {
        ...{ models: ['small'], characters: ['marta'], recipes: { none: null }, tasks: ['bits'] },
        ...study,
      },
    },
    inputs,
    program,
  );
const low = { low: { rank: 4, memory: false } };

describe('A plan', () => {
  it('trains once for every model, character, recipe and seed, and asks each by itself', () => {
    const tasks = plan({
      models: ['small', 'large'],
      characters: ['marta', 'jan'],
      recipes: { none: null, ...low },
      seeds: [1, 2, 3],
      levers: ['off', 'on'],
      tasks: ['bits voice', 'cue'],
    });
    const of = (kind: string) => tasks.filter((task) => task.kind === kind);
    expect(of('train')).toHaveLength(2 * 2 * 3);
    // A model as it is has no seed.
    expect(of('eval')).toHaveLength(2 * 2 * (3 + 1) * 2 * 2);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length);
    expect(new Set(tasks.map(({ label }) => label)).size).toBe(tasks.length);
    expect(tasks.map(({ index }) => index)).toEqual(tasks.map((_, i) => i));
  });

  it('is of commands that can be run by hand, an evaluation with what its training wrote', () => {
    const [train, ask] = plan({ recipes: low, seeds: [7], eval: { limit: 5, anchors: false } });
    expect(train!.argv.join(' ')).toBe(
      'train marta --model small --seed 7 --rank 4 --no-memory --threads 2 --offline --gpu off --resume --out results/train-small-marta-low-s7/adapter.gguf --curve results/train-small-marta-low-s7/adapter.curve.json',
    );
    expect(ask!.argv.join(' ')).toBe(
      'eval bits --character marta --model small --steer off --adapter results/train-small-marta-low-s7/adapter.gguf --limit 5 --no-anchors --threads 2 --offline --gpu off --json results/eval-small-marta-low-s7-off-bits/results.json',
    );
    expect(ask!.after).toEqual([train!.id]);
  });

  it('asks an adapter in the form that it was trained in', () => {
    const [, ask] = plan({ recipes: { low: { form: 'script' } } });
    expect(ask!.argv.join(' ')).toContain('--form script');
  });

  it('asks without a component where it is to, under a name of its own', () => {
    const asked = { tasks: 'know', recipes: ['none'], without: ['persona', 'memory'] as const };
    const tasks = plan({
      recipes: { none: null, ...low },
      tasks: ['know', { ...asked, without: [...asked.without], limit: 9 }],
    }).filter(({ kind }) => kind === 'eval');
    expect(tasks.map(({ label, point }) => [label, point.without])).toEqual([
      ['eval-small-marta-none-off-know', undefined],
      ['eval-small-marta-none-off-know-no_persona', 'persona'],
      ['eval-small-marta-none-off-know-no_memory', 'memory'],
      ['eval-small-marta-low-s0-off-know', undefined],
    ]);
    expect(tasks[2]!.argv.join(' ')).toContain('--adapter none --limit 9 --no-memory --threads');
    expect('without' in tasks[0]!.point).toBe(false);
  });

  it('trains five adapters for five folds, and asks them together', () => {
    const tasks = plan({ recipes: low, folds: 5 });
    const trainings = tasks.filter(({ kind }) => kind === 'train');
    expect(trainings.map(({ outputs }) => outputs[0])).toEqual(
      [0, 1, 2, 3, 4].map((fold) => `results/train-small-marta-low-s0/adapter-${fold}.gguf`),
    );
    const ask = tasks.at(-1)!;
    expect(ask.argv.join(' ')).toContain(
      '--folds 5 --adapter results/train-small-marta-low-s0/adapter-{fold}.gguf',
    );
    expect(ask.after).toEqual(trainings.map(({ id }) => id));
  });

  it('has other ids for other files, another version, and whatever comes after them', () => {
    const ids = (...of: Parameters<typeof plan>) => plan(...of).map(({ id }) => id);
    const study = { recipes: low };
    const first = ids(study);
    expect(ids(study)).toEqual(first);
    for (const other of [
      ids(study, [{ ...model, sha256: 'bb' }]),
      ids(study, [model], 'd 2'),
      ids({ recipes: { low: { rank: 5, memory: false } } }),
    ])
      expect(other.filter((id) => first.includes(id))).toEqual([]);
  });
});

describe('A recipe that learns from rewards', () => {
  const reinforced = { reinforce: 'stage', plays: 'c, d.md', steps: 4, form: 'script' };
  const study = { characters: ['marta', 'jan'], recipes: { none: null, reinforced } };

  it('is trained once, on the plays it names, and asked with each character', () => {
    const tasks = plan(study);
    expect(tasks.map(({ label }) => label)).toEqual([
      'train-small-reinforced-s0',
      ...['eval-small-marta-none-off-bits', 'eval-small-marta-reinforced-s0-off-bits'],
      ...['eval-small-jan-none-off-bits', 'eval-small-jan-reinforced-s0-off-bits'],
    ]);
    const [training, , ...asked] = tasks;
    expect(training!.argv.join(' ')).toBe(
      'reinforce choice --tasks stage --model small --seed 0 --plays c,/a/d.md --steps 4 --form script --threads 2 --offline --gpu off --resume --out results/train-small-reinforced-s0/adapter.gguf --curve results/train-small-reinforced-s0/adapter.curve.json',
    );
    for (const one of asked.filter(({ after }) => after.length > 0)) {
      expect(one.after).toEqual([training!.id]);
      expect(one.argv.join(' ')).toContain(`--form script --adapter ${training!.outputs[0]}`);
    }
  });

  it('has another id for another text of one of its plays', () => {
    const id = (sha256: string) => plan(study, [model, { kind: 'play', name: 'c', sha256 }])[0]!.id;
    expect(id('bb')).not.toBe(id('cc'));
  });
});

describe('Tasks with options of their own', () => {
  it('are asked of the models, characters and recipes that they name', () => {
    const tasks = plan({
      models: ['small', 'large'],
      characters: ['marta', 'jan'],
      recipes: { none: null, ...low },
      eval: { anchors: false, limit: 3 },
      tasks: [
        { tasks: 'know', models: ['small'], limit: 'all' },
        { tasks: 'know', models: ['large'], characters: ['jan'], recipes: ['none'] },
      ],
    }).filter(({ kind }) => kind === 'eval');
    expect(tasks.map(({ label }) => label)).toEqual([
      ...['eval-small-marta-none-off-know', 'eval-small-marta-low-s0-off-know'],
      ...['eval-small-jan-none-off-know', 'eval-small-jan-low-s0-off-know'],
      'eval-large-jan-none-off-know',
    ]);
    const [first, last] = [tasks[0]!, tasks.at(-1)!].map(({ argv }) => argv.join(' '));
    expect(first).toContain('--no-anchors --limit all');
    expect(last).toContain('--no-anchors --limit 3');
  });
});

describe('What is asked of a model by itself', () => {
  it('is one run of scenes and one of speed for each model, after everything else', () => {
    const tasks = plan({
      models: ['small', 'large'],
      scenes: { tasks: 'duet quartet', limit: 2 },
      speed: { benches: 'speed', repetitions: 2 },
      resources: { speed: { cpus: 1 } },
    });
    expect(tasks.map(({ label }) => label)).toEqual([
      'eval-small-marta-none-off-bits',
      'eval-large-marta-none-off-bits',
      ...['scenes-small-duet_quartet', 'speed-small-speed'],
      ...['scenes-large-duet_quartet', 'speed-large-speed'],
    ]);
    expect(tasks[2]!.argv.join(' ')).toBe(
      'eval duet quartet --run --model small --limit 2 --threads 2 --offline --gpu off --json results/scenes-small-duet_quartet/scenes.json',
    );
    expect(tasks[3]!.argv.join(' ')).toBe(
      'bench speed --model small --repetitions 2 --threads 1 --offline --gpu off --out results/speed-small-speed/speed.json',
    );
  });

  it('may differ from model to model', () => {
    const tasks = plan({
      models: ['small', 'large'],
      tasks: [{ tasks: 'bits', models: ['small'] }],
      scenes: [
        { tasks: 'duet', models: ['small'], limit: 4 },
        { tasks: 'duet', models: ['large'], limit: 1 },
      ],
    });
    const limits = tasks
      .filter(({ kind }) => kind === 'scenes')
      .map(({ label, argv }) => [label, argv[argv.indexOf('--limit') + 1]]);
    expect(limits).toEqual([
      ['scenes-small-duet', '4'],
      ['scenes-large-duet', '1'],
    ]);
  });

  it('is no training of a model that the study does not train', () => {
    const tasks = plan({
      models: ['small', 'large'],
      recipes: { none: null, ...low },
      trained: ['small'],
    });
    expect(tasks.map(({ label }) => label)).toEqual([
      'train-small-marta-low-s0',
      ...['eval-small-marta-none-off-bits', 'eval-small-marta-low-s0-off-bits'],
      'eval-large-marta-none-off-bits',
    ]);
  });
});
