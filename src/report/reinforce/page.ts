import { dot, line, text } from '@observablehq/plot';
import { escapeMarkup } from '../../stage/export/markup.ts';
import type { ChoiceRun } from '../../workspace/runs/choice-run.ts';
import { lookAt } from '../../workspace/runs/choice-run.ts';
import { missing, shown } from '../bench/number.ts';
import { figure, table } from '../bench/table.ts';
import { chart } from '../page/chart.ts';
import { htmlPage } from '../page/html.ts';

/** Runs of `reinforce choice` as one page: reward of what is learned beside that of the shadow, by step and by group. */
export function reinforcePage(runs: readonly ChoiceRun[]): string {
  const marked = runs.map((run, i) => ({ run, letter: String.fromCharCode(65 + (i % 26)) }));
  const tasks = [...new Set(runs.flatMap(({ config }) => config.tasks.map(({ name }) => name)))];
  const title = `Learning to choose: ${tasks.join(', ')}`;
  return htmlPage(
    title,
    [
      `<h1>${escapeMarkup(title)}</h1>`,
      '<p>The reward of a question is 1 for its right answer and 0 for any other; what is drawn is its expectation when answers are chosen by their scores. The shadow is questions of the same plays that are never learned: a run is stopped, and its best step chosen, by them. What a run is worth on plays that it never saw is not here: <code>dramatis eval</code> asks that.</p>',
      runsTable(marked),
      rewards(marked),
      ...marked.map(groups),
      looksTable(marked),
    ].join('\n'),
  );
}

interface Marked {
  readonly run: ChoiceRun;
  readonly letter: string;
}

const ends = { done: 'all steps', early: 'the shadow got no better', time: 'time was over' };

function runsTable(marked: readonly Marked[]): string {
  return table(
    [
      'run',
      'what is learned',
      'held out',
      'model',
      'control',
      'seed',
      'steps',
      'ended',
      'best step',
      'version',
    ],
    marked.map(({ letter, run: { name, config, steps, end, version } }) => [
      `${letter} ${name}`,
      `${config.tasks.map((task) => task.name).join(', ')} of ${config.plays.map(({ id }) => id).join(', ')}`,
      `fold ${config.heldOutFold}`,
      `${config.base.slice(0, 12)}${config.on === null ? '' : ` on ${config.on}`}, ${config.recipe.form}`,
      config.recipe.control,
      figure(String(config.recipe.seed)),
      figure(`${steps.at(-1)?.step ?? 0} of ${config.recipe.steps}`),
      end ? ends[end.why] : 'not yet',
      figure(String(end?.best?.step ?? missing)),
      version ?? missing,
    ]),
  );
}

/** Points of a curve of what is learned: steps swing, so each is a mean. */
const points = 30;

function rewards(marked: readonly Marked[]): string {
  const learned = marked.flatMap(({ run: { steps }, letter }) =>
    inRuns(steps, Math.ceil(steps.length / points)).map((some) => ({
      ...{ name: letter, x: some.at(-1)!.step },
      y: some.reduce((sum, { reward }) => sum + reward, 0) / some.length,
    })),
  );
  const looks = marked.flatMap(({ run, letter }) =>
    run.looks.map(({ step, reward }) => ({ name: letter, x: step, y: reward })),
  );
  const caption = `Blue: the shadow, at every look. Grey: what is learned, before each step, in at most ${points} means. Where grey rises and blue does not, questions are learned by heart.`;
  return section('Expected reward', curves('expected reward', { learned, looks }), caption);
}

function groups({ run, letter }: Marked): string {
  const looks = run.looks.flatMap(({ step, accuracyBy }) =>
    Object.entries(accuracyBy).map(([name, y]) => ({ name, x: step, y })),
  );
  const caption =
    'How often the likeliest answer is right. Of "stage": who is here, who has left, and who is yet to come; a reader who says yes to all that were seen so far has none of those who left. Of "next": turns that go back to who spoke before last (ABA), and all others.';
  const label = `Accuracy of the shadow by kind of question, run ${letter}`;
  return section(label, curves('accuracy', { learned: [], looks, domain: [0, 1] }), caption);
}

interface Point {
  /** Name of the curve that it is on. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

function curves(
  axis: string,
  {
    learned,
    looks,
    domain,
  }: {
    readonly learned: readonly Point[];
    readonly looks: readonly Point[];
    readonly domain?: readonly [number, number];
  },
): string {
  const at = { x: 'x', y: 'y' } as const;
  return chart(`${axis} over steps`, {
    ...{ height: 300, marginLeft: 60, marginRight: 110, marginBottom: 40 },
    x: { label: 'steps' },
    y: { label: axis, grid: true, nice: true, ...(domain && { domain }) },
    marks: [
      line(learned, { ...at, z: 'name', stroke: 'var(--soft)' }),
      dot(learned, { ...at, r: 1.5, fill: 'var(--soft)' }),
      line(looks, { ...at, z: 'name', stroke: 'var(--accent)' }),
      dot(looks, { ...at, fill: 'var(--accent)' }),
      text(endsOf(looks), {
        ...{ ...at, text: 'name', dx: 10, textAnchor: 'start', fill: 'var(--ink)' },
      }),
    ],
  });
}

/** The last point of each curve, where its name stands; curves that end in the same point have their names in one. */
function endsOf(all: readonly Point[]): readonly Point[] {
  const last = [...new Map(all.map((point) => [point.name, point])).values()];
  const ends = new Map<string, Point>();
  for (const point of last) {
    const place = `${point.x} ${point.y}`;
    const there = ends.get(place);
    ends.set(place, there ? { ...there, name: `${there.name}, ${point.name}` } : point);
  }
  return [...ends.values()];
}

function inRuns<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return all.flatMap((_, i) => (i % size === 0 ? [all.slice(i, i + size)] : []));
}

const section = (label: string, svg: string, caption: string): string =>
  `<section><h2>${escapeMarkup(label)}</h2><figure>${svg}<figcaption class="note">${escapeMarkup(caption)}</figcaption></figure></section>`;

function looksTable(marked: readonly Marked[]): string {
  const rows = marked.flatMap(({ run, letter }) => {
    const [best, last] = [run.end?.best?.step, run.looks.at(-1)?.step];
    const asked = [
      { what: 'before', step: 0 },
      { what: 'best', step: best },
      ...(last === 0 || last === best ? [] : [{ what: 'last', step: last }]),
    ];
    return asked.map(({ what, step }) => ({ letter, what, look: lookAt(run, step) }));
  });
  const names = [
    ...new Set(rows.flatMap(({ look }) => Object.keys(look?.accuracyBy ?? {}))),
  ].sort();
  const heads = ['run', 'look', 'step', 'reward', 'accuracy', ...names, 'entropy', 'drift'];
  const cells = rows.flatMap(({ letter, what, look }) =>
    look === undefined
      ? []
      : [
          [
            letter,
            what,
            figure(String(look.step)),
            ...[
              look.reward,
              look.accuracy,
              ...names.map((name) => look.accuracyBy[name]),
              look.entropy,
              look.drift,
            ].map((value) => figure(shown(value, 'share'))),
          ],
        ],
  );
  return `<section><h2>The shadow before, at its best and at last</h2>${table(heads, cells)}<p class="note">Entropy of the choice and drift in nats; drift is by how much answers have moved apart that are given without the page.</p></section>`;
}
