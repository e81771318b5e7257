import { type BenchFigure, provenance } from './figure.ts';
import { isKnown } from './number.ts';
import type { MarkedRun } from './run.ts';
import { compositesOf, type ScatterOptions, type ScatterPoint, scatter } from './scatter.ts';

interface Trade {
  readonly name: string;
  readonly title: string;
  readonly says: string;
  /** What a run has of it; null where it is unknown. */
  readonly xOf: (run: MarkedRun) => Pick<ScatterPoint, 'x' | 'xLow' | 'xHigh'> | null;
  readonly options: ScatterOptions;
}

/** Small against large, speed against quality, contamination against score: what a score costs, or is owed to. */
export function tradeFigures(runs: readonly MarkedRun[]): BenchFigure[] {
  const byExposure = exposureTrades(runs);
  return [
    ...[...sizeTrades, ...speedTrades, ...byExposure].map((trade) => tradeFigure(trade, runs)),
    ...(byExposure.length > 0 ? [] : [noExposure]),
  ];
}

const noExposure: BenchFigure = {
  kind: 'left out',
  name: 'contamination',
  title: 'Contamination against score',
  why: 'No run has a measure of how well its base model knows the text.',
};

const sizeTrades: readonly Trade[] = [
  {
    name: 'size-parameters',
    title: 'Small against large: parameters',
    says: 'Parameters of the model, on a log axis.',
    xOf: ({ results }) => known(results.subject.parameters),
    options: {
      label: 'Composite score over the number of parameters',
      axis: 'parameters',
      format: (count) => withPrefix(count, ['', ' thousand', ' M', ' B']),
      isLog: true,
      isJoined: true,
    },
  },
  {
    name: 'size-bytes',
    title: 'Small against large: bytes',
    says: 'Bytes of the model’s file, on a log axis: what must be fetched and held.',
    xOf: ({ results }) => known(results.subject.modelBytes),
    options: {
      label: 'Composite score over the size of the file in bytes',
      axis: 'bytes of the file',
      format: (bytes) => withPrefix(bytes, [' B', ' kB', ' MB', ' GB']),
      isLog: true,
      isJoined: true,
    },
  },
];

const speedTrades: readonly Trade[] = [
  {
    name: 'speed-generating',
    title: 'Speed against quality: generating',
    says: 'Generated tokens per second on the machine of each run.',
    xOf: ({ record }) => known(record?.generatedTokensPerSecond),
    options: {
      label: 'Composite score over generated tokens per second',
      axis: 'generated tokens per second',
      format: String,
      isLog: false,
      isJoined: false,
    },
  },
];

/** One for each measure of exposure that any run has. */
function exposureTrades(runs: readonly MarkedRun[]): Trade[] {
  const measures = [...new Set(runs.flatMap(({ results }) => Object.keys(results.exposure)))];
  const of = (measure: string, i: number): Trade => ({
    name: i === 0 ? 'contamination' : `contamination-${i + 1}`,
    title: `Contamination against score: ${measure}`,
    says: `How well the base model knows the text from before, by ${measure}: a score that rises with it may be owed to it.`,
    xOf: ({ results }) => {
      const estimate = results.exposure[measure];
      if (!estimate || !isKnown(estimate.value)) return null;
      const { value: x, low, high } = estimate;
      return isKnown(low) && isKnown(high) ? { x, xLow: low, xHigh: high } : { x };
    },
    options: {
      label: `Composite score over exposure by ${measure}`,
      axis: `exposure: ${measure}`,
      format: (share) => share.toFixed(2),
      isLog: false,
      isJoined: false,
    },
  });
  return measures.map(of);
}

const known = (value: number | null | undefined) =>
  isKnown(value) && value > 0 ? { x: value } : null;

/** "270 M": thousands by the words or letters for them. */
function withPrefix(value: number, prefixes: readonly string[]): string {
  const power = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(value) / 3)));
  return `${Number((value / 1000 ** power).toPrecision(3))}${prefixes[power]}`;
}

function tradeFigure(trade: Trade, runs: readonly MarkedRun[]): BenchFigure {
  const { name, title, says, xOf, options } = trade;
  const { tasks, scores } = compositesOf(runs);
  const points = runs.flatMap((run) => {
    const [x, y] = [xOf(run), scores.get(run)];
    return x && y ? [{ run, ...x, y }] : [];
  });
  if (points.length < 2) {
    const why = `It takes two runs with a composite score and ${options.axis}, but there ${points.length === 1 ? 'is one' : 'are none'}.`;
    return { kind: 'left out', name, title, why };
  }
  if (new Set(points.map(({ x }) => x)).size < 2) {
    const why = `All runs have the same ${options.axis}.`;
    return { kind: 'left out', name, title, why };
  }
  return {
    kind: 'drawn',
    name,
    title,
    caption: `${says} The composite is the mean over ${tasks.join(', ')}, each from its floor (0) to its ceiling (1), with the same weight; for plots only. Its interval is the mean of theirs, which is no narrower than the true one. ${provenance(
      points.map(({ run }) => run),
      tasks,
    )}`,
    svg: scatter(points, options),
  };
}
