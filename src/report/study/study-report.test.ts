import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SceneResults } from '../../eval/scenes/scene-results.ts';
import { sha256 } from '../../store/sha256.ts';
import { markDone } from '../../sweep/done-marker.ts';
import { smallStudy } from '../../sweep/ready-studies.ts';
import { studyText } from '../../sweep/study.ts';
import { InventedStudy } from '../../testing/invented-study.ts';
import type { LearningCurve } from '../../workspace/runs/learning-curve.ts';
import { staleNumbers, strayNumbers } from './check-numbers.ts';
import type { SaidSource } from './number-source.ts';
import { readStudy } from './read-study.ts';
import type { Evaluation, StudyData } from './study-data.ts';
import { type StudyReport, studyReport } from './study-report.ts';

let invented: InventedStudy;
let data: StudyData;
let report: StudyReport;
beforeAll(async () => {
  invented = await InventedStudy.make();
  data = await readStudy(invented.folder);
  report = studyReport(data);
}, 60_000);
afterAll(() => invented[Symbol.dispose]());

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '');

/** An evaluation of three items under the name of another model and recipe. */
function manyOf(
  { task, results, rows, ...rest }: Evaluation,
  i: number,
  recipe: string,
): Evaluation {
  const own = (rows.get('know')?.get('subject') ?? []).slice(0, 3 * 3);
  const point = { ...task.point, model: `model-${i}`, recipe };
  const adapter = recipe === 'adapter' ? { file: 'a.gguf', sha256: '', scale: 1 } : null;
  return {
    ...{ ...rest, rows: new Map([['know', new Map([['subject', own]])]]) },
    task: { ...task, label: `eval-model-${i}-${recipe}`, point },
    results: {
      ...results,
      samples: [],
      subject: { ...results.subject, adapter, parameters: 1e6 + i },
    },
  };
}

describe('A report', () => {
  it('has thirteen sections, and needs no script and nothing else', () => {
    expect(report.html.match(/<section id=/g)).toHaveLength(13);
    for (const page of [report.html, report.slides]) {
      expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|NaN|undefined|\[object/);
      expect(page.length).toBeLessThan(1e6);
    }
  });

  it('is the same bytes when it is made again', async () => {
    const again = studyReport(await readStudy(invented.folder));
    expect([...again.files]).toEqual([...report.files]);
  });

  it('draws every figure with a finding for a title, its intervals and its n', () => {
    expect(report.leftOut.map(({ name }) => name)).toEqual(['reward-curves']);
    const titles = [...report.html.matchAll(/<figure id="([^"]+)"><h3>(.*?)<\/h3>/g)];
    expect(titles.map(([, name]) => name)).toEqual([
      ...['pipeline', 'score-by-task', 'what-could-be-shown', 'score-by-exposure'],
      ...['quality-by-size', 'quality-by-speed', 'bits-by-model', 'worth-of-components'],
      ...['gain-of-training', 'gain-by-character', 'learning-curves'],
      ...['scenes-duet', 'scenes-quartet', 'voices-over-time'],
      ...['who-after-whom', 'scene-timeline', 'speed'],
    ]);
    const size = textOf(titles.find(([, name]) => name === 'quality-by-size')![2]!);
    expect(size).toMatch(
      /^In answering questions about its own life \(know\) large is better than small \(\+0\.\d{3} \[.*\], n\u00a0=\u00a048 items of 2 characters\)$/,
    );
  });

  it('names the source of every number, as a file with its hash and its rows', () => {
    const { numbers } = report.numbers;
    expect(numbers.length).toBeGreaterThan(40);
    expect(strayNumbers(report.html, numbers)).toEqual([]);
    expect(
      strayNumbers(report.html.replace(/value="0\.\d+"/, 'value="0.5511"'), numbers),
    ).toHaveLength(1);
    const one = numbers.find(({ source }) => source.kind === 'speed')!;
    expect(one.from).toEqual([
      {
        path: expect.stringMatching(/^results\/speed-\w+-speed\/speed\.json$/),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        rows: expect.stringMatching(/^speed\/(pp512|tg128)$/),
      },
    ]);
    expect(one.how).toMatch(/^median of the samples of (pp512|tg128) \(speed\) in speed-/);
  });

  it('writes text of models as text', () => {
    expect(report.html).toContain('It is &#60;lit&#62; &#38; 0.');
  });

  it('has its figures as files that stand alone, and what they are drawn from', () => {
    const svg = report.files.get('figures/score-by-task.svg')!;
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toContain('var(--');
    expect(report.files.get('tables/score-by-task.csv')!.split('\n')[0]).toBe(
      'task,metric,unit,series,value,low,high,n,number',
    );
    expect(report.files.get('tables/tasks.csv')).toContain(
      'train-small-marta-adapter-s1,train,done,',
    );
  });
});

describe('A section on speed', () => {
  it('has what was timed beside reading and generating, each number with its source; or how to time it', () => {
    expect(textOf(report.html)).toContain('dramatis bench adapters train stage --out speed.json');
    const speeds = data.speeds.map(({ speed, ...rest }) => {
      const step = {
        ...{ bench: 'train' as const, what: 'a step', unit: 'ms' as const, higherIsBetter: false },
        ...{ at: { rows: 4 }, samples: [31, 33, 40] },
      };
      return { ...rest, speed: { ...speed, rows: [...speed.rows, step] } };
    });
    const made = studyReport({ ...data, speeds });
    expect(textOf(made.html)).toContain('smalltrain: a step, rows 433.0 [31.0, 40.0]ms3');
    expect(strayNumbers(made.html, made.numbers.numbers)).toEqual([]);
    expect(textOf(made.html)).not.toContain('dramatis bench adapters train stage');
  });
});

describe('How to make a study again', () => {
  it('is short for a study that the program has', () => {
    const study = { name: 'study.json', sha256: sha256(studyText(smallStudy)) };
    const made = studyReport({ ...data, manifest: { ...data.manifest, study } });
    expect(textOf(made.html)).toContain('dramatis study plan study --small\n');
    expect(textOf(report.html)).toContain('dramatis sweep plan study.json --out study\n');
  });
});

describe('What components are worth', () => {
  const rows = () =>
    report.files.get('tables/worth-of-components.csv')!.trim().split('\n').slice(1);

  it('is each variant against the series as it is, sorted by effect, with Holm’s correction', () => {
    expect(rows()).toHaveLength(4);
    const values = rows().map((row) => Number(/,small \(prompted\),([^,]+)/.exec(row)![1]));
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(textOf(report.html)).toMatch(
      /In answering questions about its own life \(know\) small \(prompted\) as (Marta|Jan), without (persona|memory), /,
    );
    expect(textOf(report.html)).toMatch(/After Holm’s correction \d of 4 have a p under 0\.05/);
  });

  it('does not count in the scores of the series', () => {
    const score = report.files
      .get('tables/score-by-task.csv')!
      .split('\n')
      .find((row) => row.startsWith('know,right,share,small (prompted)'));
    const found = report.numbers.numbers.find(({ id }) => score!.endsWith(id))!;
    expect(found.from.map(({ path }) => path).filter((path) => /no_/.test(path))).toEqual([]);
  });

  it('is what levers change, where a study knows two sets of them', () => {
    const evaluations = data.evaluations.map(({ task, ...rest }) => {
      const { without, ...point } = task.point;
      return { ...rest, task: { ...task, point: without ? { ...point, levers: 'tags' } : point } };
    });
    const text = textOf(studyReport({ ...data, evaluations }).html);
    expect(text).toMatch(/with the levers tags, (is worse than|and) with the usual ones/);
    expect(text).toContain('The study ran with the levers off and tags.');
  });
});

describe('The check of a report', () => {
  it('finds nothing where nothing was changed', async () => {
    const found = await readStudy(invented.folder, { asFound: true });
    expect(staleNumbers(report.numbers.numbers, found)).toEqual([]);
  });

  it('finds every number that hangs on a row that was changed, and no other', async () => {
    using other = await invented.copy();
    const before = studyReport(await readStudy(other.folder)).numbers.numbers;
    const task = other.task('eval-small-marta-prompted');
    await other.changeRow(task, (row) => {
      if (row.task !== 'know' || row.row !== 'subject') return false;
      row.values.right = 1 - row.values.right!;
      return true;
    });
    const stale = staleNumbers(before, await readStudy(other.folder));
    const changed = new Set(stale.map(({ entry }) => entry.id));
    const path = `${task.outputs[0]}.rows.jsonl`;
    const hanging = before.filter(({ from }) =>
      from.some((one) => one.path === path && one.rows === 'know/subject'),
    );
    expect([...changed].filter((id) => !hanging.some((one) => one.id === id))).toEqual([]);
    // A count, a corrected p, and what could be told at all may stay as they are while what they are made from changes.
    const coarse = ['count', 'holm', 'detectable'];
    const exact = hanging.filter(({ source }) => !coarse.includes(source.kind));
    expect(exact.length).toBeGreaterThan(2);
    expect(exact.filter(({ id }) => !changed.has(id))).toEqual([]);
    const rebuilt = studyReport(await readStudy(other.folder)).numbers.numbers;
    const differing = rebuilt.filter(({ id, value, low, high }) => {
      const was = before.find((one) => one.id === id);
      return was && (was.value !== value || was.low !== low || was.high !== high);
    });
    expect(new Set(differing.map(({ id }) => id))).toEqual(changed);
  });

  it('finds what hangs on who spoke when, and nothing else, where one turn of a scene was changed', async () => {
    using other = await invented.copy();
    const task = other.task('scenes-large');
    const path = join(other.folder, task.outputs[0]!);
    const results = JSON.parse(readFileSync(path, 'utf8')) as SceneResults;
    const [script] = results.tasks.find((one) => one.task === 'quartet')!.arms[0]!.scripts!;
    const [turn] = script!.turns as { who: string; words: number }[];
    turn!.words += 7;
    writeFileSync(path, JSON.stringify(results));
    await markDone(other.sweep, task);
    const stale = staleNumbers(report.numbers.numbers, await readStudy(other.folder));
    const words = stale.map(({ entry: { source } }) => source as SaidSource);
    expect(words.every(({ kind, what }) => kind === 'said' && what === 'words')).toBe(true);
    expect(words.map(({ who }) => who).sort()).toEqual(['ADA', 'JAN', 'MARTA', 'OLD HUGO']);
    expect(stale.every(({ entry }) => entry.from[0]!.rows === 'quartet/turn-model/scripts')).toBe(
      true,
    );

    turn!.who = 'A STRANGER';
    writeFileSync(path, JSON.stringify(results));
    await markDone(other.sweep, task);
    const kinds = staleNumbers(report.numbers.numbers, await readStudy(other.folder)).map(
      ({ entry }) => entry.source.kind,
    );
    expect([...new Set(kinds)].sort()).toEqual(['order', 'pair', 'said']);
  });

  it('finds what hangs on what was asked without a component', async () => {
    using other = await invented.copy();
    const task = other.task('no_memory');
    await other.changeRow(task, (row) => {
      if (row.row !== 'subject') return false;
      row.values.right = 1 - row.values.right!;
      return true;
    });
    const stale = staleNumbers(report.numbers.numbers, await readStudy(other.folder));
    const exact = stale.filter(({ entry: { source } }) => source.kind === 'mean');
    expect(exact.length).toBeGreaterThan(0);
    expect(stale.every(({ entry: { how } }) => how.includes(task.label))).toBe(true);
  });

  it('finds what hangs on a look of a training, or on a step of it, and nothing else', async () => {
    using other = await invented.copy();
    const task = other.task('train-small-jan');
    const path = join(other.folder, task.outputs[1]!);
    const curve = JSON.parse(readFileSync(path, 'utf8')) as LearningCurve;
    const [learned, heldOut] = [curve.learned[6]!, curve.heldOut[2]!] as { value: number }[];
    learned!.value += 0.5;
    heldOut!.value += 0.5;
    writeFileSync(path, JSON.stringify(curve));
    await markDone(other.sweep, task);
    const stale = staleNumbers(
      report.numbers.numbers,
      await readStudy(other.folder, { asFound: true }),
    );
    const run = task.label;
    expect(stale.map(({ entry: { source } }) => source)).toEqual(
      expect.arrayContaining([
        { kind: 'curve', run, of: 'learned', from: 7, to: 8 },
        { kind: 'curve', run, of: 'held out', from: 20, to: 20 },
      ]),
    );
    expect(stale).toHaveLength(2);
  });

  it('names numbers whose rows are gone', async () => {
    using less = await invented.copy();
    less.forget('speed-');
    const found = await readStudy(less.folder);
    expect(studyReport(found).leftOut.map(({ name, command }) => [name, command])).toEqual([
      ['quality-by-speed', 'dramatis study run study'],
      ['reward-curves', 'dramatis reinforce choice --out taught.gguf --curve taught.curve.json'],
      ['speed', 'dramatis study run study'],
    ]);
    const stale = staleNumbers(report.numbers.numbers, found);
    expect(stale.length).toBeGreaterThan(0);
    expect(stale.every(({ entry, now }) => entry.source.kind === 'speed' && now === null)).toBe(
      true,
    );
  });
});

describe('A study that is not whole', () => {
  it('gives a report that names what is missing, and what would make it', async () => {
    using less = await invented.copy();
    less.forget('scenes-');
    const made = studyReport(await readStudy(less.folder));
    expect(made.leftOut.map(({ name }) => name)).toEqual([
      'reward-curves',
      'scenes-duet',
      'scenes-quartet',
      'voices-over-time',
      'who-after-whom',
      'scene-timeline',
    ]);
    expect(made.leftOut[1]!.command).toBe('dramatis study run study');
    const none = studyReport({ ...data, scenes: [] });
    expect(none.html).toContain('dramatis eval quartet --run --json scenes.json');
    const { index, label } = less.task('scenes-large');
    expect(textOf(made.html)).toContain(`${label}not rundramatis sweep task study ${index}`);
  });

  it('has no orders and no timelines of scenes that were kept without their turns', () => {
    const scenes = data.scenes.map(({ results, ...rest }) => {
      const tasks = results.tasks.map((task) => ({
        ...task,
        arms: task.arms.map(({ scripts: _, ...arm }) => arm),
      }));
      return { ...rest, results: { ...results, tasks } };
    });
    const { leftOut } = studyReport({ ...data, scenes });
    expect(leftOut.slice(1).map(({ name, command }) => [name, command])).toEqual([
      ['who-after-whom', 'dramatis eval quartet --run --json scenes.json'],
      ['scene-timeline', 'dramatis eval quartet --run --json scenes.json'],
    ]);
  });

  it('gives one of a single model and no comparison', async () => {
    const evaluations = data.evaluations.filter(
      ({ task: { label } }) => label === invented.task('eval-small-marta-prompted').label,
    );
    const made = studyReport({ ...data, evaluations });
    expect(made.leftOut.map(({ name }) => name)).toEqual([
      ...['score-by-exposure', 'quality-by-size', 'quality-by-speed', 'worth-of-components'],
      ...['gain-of-training', 'gain-by-character', 'reward-curves'],
    ]);
    expect(textOf(made.html)).toMatch(
      /small \(prompted\) reaches 0\.\d+ \[.*\] in answering questions about its own life \(know\) \(n\u00a0=\u00a024 items\)/,
    );
  });

  it('says what learning from rewards gave, where a recipe did, and on which plays', async () => {
    const without = textOf(report.html);
    expect(without).toContain('No recipe of the study is reinforced');
    using taught = await InventedStudy.make({
      ...{
        models: ['small'],
        characters: ['marta'],
        tasks: ['know'],
      },
      recipes: { prompted: null, taught: { reinforce: 'stage,next', plays: 'a,/b/c.md' } },
    });
    const made = studyReport(await readStudy(taught.folder));
    expect(textOf(made.html)).toContain(
      'taught: rewarded for right answers of stage and next, on a and c.md.',
    );
    expect(textOf(made.html)).toMatch(/know \(right\)small \(taught\)\+0\.\d+ \[.*?\]24/);
    expect(textOf(made.html)).not.toContain('No recipe of the study is reinforced');
    expect(textOf(made.html)).toMatch(
      /Training takes the expected reward of questions never learned from 0\.500 to 0\.6\d\d with small, taught \(n\u00a0=\u00a012 questions\)/,
    );
  });

  it('leaves out a file that was damaged or changed, and says so', async () => {
    using other = await invented.copy();
    const [large, small] = ['eval-large-marta', 'eval-small-jan-prompted'].map((words) =>
      other.task(words),
    );
    writeFileSync(join(other.folder, `${large!.outputs[0]}.rows.jsonl`), '{"task":');
    writeFileSync(join(other.folder, small!.outputs[0]!), '{}');
    const speed = other.task('speed-small');
    writeFileSync(join(other.folder, speed.outputs[0]!), '{}');
    writeFileSync(join(other.folder, 'attempts', speed.id, '1.json'), '{');
    // Copied without the records of who made it, and without its rows.
    const copied = other.task('eval-small-marta-prompted');
    rmSync(join(other.folder, 'attempts', copied.id), { recursive: true });
    rmSync(join(other.folder, `${copied.outputs[0]}.rows.jsonl`));
    const { gaps } = await readStudy(other.folder);
    const why = 'its files are gone, or are not as it wrote them';
    expect(gaps).toEqual([
      { task: copied, why },
      { task: small, why },
      { task: large, why },
      { task: speed, why: 'its record is damaged' },
    ]);
  });

  it('draws as much of two hundred runs as a page has room for, and has all of them in its tables', async () => {
    const [one] = data.evaluations;
    const evaluations = Array.from({ length: 100 }, (_, i) =>
      ['prompted', 'adapter'].map((recipe) => manyOf(one!, i, recipe)),
    ).flat();
    const made = studyReport({ ...data, evaluations });
    expect(made.html.length).toBeLessThan(1e6);
    expect(made.files.get('numbers.json')!.length).toBeLessThan(4e6);
    expect(made.files.get('tables/gain-of-training.csv')!.trim().split('\n')).toHaveLength(101);
    expect(textOf(made.html)).toContain(
      'The first 60 of 100 comparisons are drawn; the CSV has all.',
    );
  });

  it('names the first of many characters, trainings, commands and gaps', async () => {
    const many = Array.from({ length: 250 }, (_, i) => i);
    const [one, [training], [task]] = [data.evaluations[0]!, data.trainings, data.manifest.tasks];
    const made = studyReport({
      ...data,
      evaluations: many.map((i) => {
        const own = manyOf(one, 0, 'prompted');
        const point = { ...own.task.point, character: `person-${i}` };
        return { ...own, task: { ...own.task, label: `eval-${i}`, point } };
      }),
      trainings: many.map((i) => ({
        ...training!,
        task: { ...training!.task, label: `train-${i}` },
      })),
      manifest: { ...data.manifest, tasks: many.map(() => task!) },
      gaps: many.map(() => ({ task: task!, why: 'not run' })),
    });
    const text = textOf(made.html);
    expect(text).toContain('Person 7 and 242 others');
    expect(text).toContain('The first 30 of 250 trainings stand here; the CSV has all.');
    expect(text).toContain('The first 100 of 250; the study’s manifest.json has all.');
    expect(text).toContain('The first 100 of 250 tasks; tables/tasks.csv has all.');
    expect(made.files.get('tables/learning-curves.csv')).toContain('train-249,');
  });

  it('is refused if it is of several versions of the program', async () => {
    using other = await invented.copy();
    const versions = { dramatis: '0.1.0', commit: 'fedcba9', node: 'v20.20.2' };
    await other.finish(other.task('eval-large-jan'), { versions });
    await expect(readStudy(other.folder)).rejects.toThrow(
      /^several versions of the program: eval-small-marta-\S+ of 0\.1\.0, 0123abc, eval-large-jan-\S+ of 0\.1\.0, fedcba9$/,
    );
  });

  it('is refused if nothing of it is done', async () => {
    using none = await invented.copy();
    none.forget('-');
    await expect(readStudy(none.folder)).rejects.toThrow('is done that gives a figure');
  });
});
