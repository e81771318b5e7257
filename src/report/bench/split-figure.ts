import { type DotGroup, dotRows } from './dot-rows.ts';
import { type BenchFigure, provenance } from './figure.ts';
import { shown } from './number.ts';
import { componentsOf, headlineOf, type MarkedRun, tasksOf } from './run.ts';
import { axisOf, pointOf } from './scale.ts';

const name = 'train-beside-holdout';
const title = 'Train beside holdout';

/** One subject on scenes it may have been trained on beside scenes it was not: how much of a score is memory. */
export function splitFigure(runs: readonly MarkedRun[]): BenchFigure {
  const pairs = pairsOf(runs);
  if (pairs.length === 0) {
    const why = 'No subject was measured on both the train and the holdout scenes.';
    return { kind: 'left out', name, title, why };
  }
  const tasks = tasksOf(runs).filter((task) => groupOf(task, pairs).lines.length > 0);
  const groups = tasks.map((task) => groupOf(task, pairs));
  if (groups.length === 0) {
    const why = 'No task has a floor and a ceiling on both the train and the holdout scenes.';
    return { kind: 'left out', name, title, why };
  }
  const values = groups.flatMap(({ lines }) =>
    lines.flatMap(({ dots }) =>
      dots.flatMap(({ low, high, value }) => [low ?? value, high ?? value]),
    ),
  );
  return {
    kind: 'drawn',
    name,
    title,
    caption: `Hollow: train scenes; filled: holdout scenes; the raw figures at the right in this order. A subject that learnt its part and not its lines has both at the same place. A base model may know both parts of the play from before: see its exposure. ${provenance(
      pairs.flatMap(({ train, holdout }) => [train, holdout]),
      tasks,
    )}`,
    svg: dotRows({
      label: 'Score of each task on train and on holdout scenes',
      axis: 'share of the way from floor to ceiling',
      groups,
      domain: axisOf(values),
      rules: [0, 1],
      entries: pairs.flatMap(({ train, holdout }) => [
        { symbol: holdout.symbol, isFilled: false, text: `${train.letter}  ${train.label}` },
        { symbol: holdout.symbol, isFilled: true, text: `${holdout.letter}  ${holdout.label}` },
      ]),
    }),
  };
}

interface Pair {
  readonly train: MarkedRun;
  readonly holdout: MarkedRun;
}

function pairsOf(runs: readonly MarkedRun[]): Pair[] {
  return runs
    .filter(({ results }) => results.split === 'train')
    .flatMap((train) => {
      const holdout = runs.find(
        (run) => run.results.split === 'holdout' && subjectKey(run) === subjectKey(train),
      );
      return holdout ? [{ train, holdout }] : [];
    });
}

function subjectKey(run: MarkedRun): string {
  const { play, character, subject, folds } = run.results;
  const adapter = subject.adapter?.sha256 ?? '';
  return JSON.stringify([
    play.sha256,
    character,
    folds,
    subject.modelSha256,
    adapter,
    componentsOf(run),
  ]);
}

function groupOf(task: string, pairs: readonly Pair[]): DotGroup {
  const lines = pairs.flatMap(({ train, holdout }) => {
    const [onTrain, onHoldout] = [headlineOf(train, task), headlineOf(holdout, task)];
    const before = onTrain && pointOf(onTrain.metric, 'subject');
    const after = onHoldout && pointOf(onHoldout.metric, 'subject');
    if (!onTrain || !onHoldout || !before || !after) return [];
    const raw = [onTrain, onHoldout].map(({ metric }) =>
      shown(metric.rows.subject?.value, metric.unit),
    );
    return [
      {
        mark: `${train.letter}${holdout.letter}`,
        dots: [
          { ...before, symbol: holdout.symbol, isFilled: false, dy: -4 },
          { ...after, symbol: holdout.symbol, isFilled: true, dy: 4 },
        ],
        note: raw.join(' → '),
      },
    ];
  });
  const metric = pairs
    .map(({ holdout }) => headlineOf(holdout, task)?.metric.metric)
    .find((found) => found !== undefined);
  return { name: metric ? `${task} · ${metric}` : task, lines, anchors: [] };
}
