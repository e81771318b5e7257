import { escapeMarkup } from '../../stage/export/markup.ts';
import type { ChoiceRun } from '../../workspace/runs/choice-run.ts';
import { lookAt } from '../../workspace/runs/choice-run.ts';
import { missing, shown } from '../bench/number.ts';
import { figure, table } from '../bench/table.ts';
import { htmlPage } from '../page/html.ts';
import { curves, inRuns, section } from './curves.ts';

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
