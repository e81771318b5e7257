import type {
  Distribution,
  MetricResult,
  Results,
  RunRecord,
  TaskResult,
} from '../../eval/results.ts';
import type { Difference, Estimate } from '../../measure/metric.ts';
import type { BenchRun } from './run.ts';

/** An invented run of an invented play: figures of the size that real ones have, and of no meaning. */
export interface Invention {
  readonly model?: string;
  readonly label?: string;
  readonly split?: string;
  /** How far up its scale the subject gets, from 0 to 1. */
  readonly skill?: number;
  readonly baseSkill?: number;
  readonly parameters?: number;
  readonly tokensPerSecond?: number;
  readonly exposure?: number;
  readonly hasAdapter?: boolean;
}

export function inventRun(invention: Invention = {}): BenchRun {
  const { model = 'tiny-135m', split = 'holdout', label = `${model}, ${split}` } = invention;
  return { label, results: inventResults(invention), record: inventRecord(invention) };
}

export function inventResults(invention: Invention = {}): Results {
  const { model = 'tiny-135m', split = 'holdout', exposure = 0.12 } = invention;
  const { parameters = 135e6, hasAdapter = true } = invention;
  return {
    format: 'dramatis-bench',
    formatVersion: 1,
    play: { id: 'lantern', title: 'The Lantern Keeper', sha256: '5d0c'.repeat(16) },
    character: 'MARGERY',
    split,
    splitSha256: '91'.repeat(32),
    folds: null,
    limit: null,
    subject: {
      model,
      modelFile: `${model}.gguf`,
      modelSha256: (model.length % 10).toString().padEnd(64, 'a1b2'),
      modelBytes: parameters * 0.72,
      parameters,
      adapter: hasAdapter ? { file: 'margery.gguf', sha256: 'e7'.repeat(32), scale: 1 } : null,
      persona: true,
      memory: true,
      form: 'chat',
      templateVersion: 1,
    },
    machine: { cpu: 'An Invented CPU', cores: 2, threads: '2', backends: 'CPU' },
    versions: { dramatis: '0.1.0', commit: '0123abc', node: 'v20.20.2' },
    seed: 1,
    tasks: sketches.map((sketch) => inventTask(sketch, invention)),
    distributions: inventDistributions(invention),
    exposure: {
      'name cloze': estimate(exposure, 0.05, 120, 'share'),
      'prefix extraction': estimate(exposure / 4, 0.02, 32, 'share'),
    },
    samples: [
      { question: 'Who keeps the light?', reply: 'I do, while the oil lasts & my knees.', seed: 1 },
      { question: 'What is beyond the reef?', reply: '  ', seed: 2 },
    ],
    matrix: {
      speakers: ['MARGERY', 'TOBIAS', 'THE PILOT'],
      voices: ['MARGERY', 'TOBIAS', 'THE PILOT'],
      cells: [
        [0.74, 0.48, 0.41],
        [0.44, 0.66, 0.52],
        [0.39, 0.55, Number.NaN],
      ],
    },
  };
}

function inventRecord({ tokensPerSecond = 60 }: Invention = {}): RunRecord {
  return {
    started: '2031-02-03T04:05:06Z',
    seconds: 321,
    tasks: Object.fromEntries(
      sketches.map(({ task }, i) => [task, { seconds: 12 + i, tokensPerSecond: 400 + i }]),
    ),
    promptTokensPerSecond: 6 * tokensPerSecond,
    generatedTokensPerSecond: tokensPerSecond,
    firstTokenMs: 210,
    peakMiB: 512,
  };
}

/** Lengths as speeches have them: mostly short, some very long. */
function inventDistributions({ skill = 0.45, baseSkill = 0.3 }: Invention): Distribution[] {
  const lengths = (n: number, median: number, spread: number) =>
    Array.from({ length: n }, (_, i) =>
      Math.round(median * Math.exp(spread * Math.tan(1.4 * ((i + 0.5) / n) - 0.7))),
    );
  const shares = (n: number) => Array.from({ length: n }, (_, i) => (i + 1) / (2 * n));
  return [
    {
      task: 'style',
      metric: 'words a reply',
      unit: 'words',
      label: 'words of a reply',
      rows: {
        subject: lengths(20, 60 - 50 * skill, 0.6),
        base: lengths(20, 70 - 50 * baseSkill, 0.2),
        original: lengths(240, 12, 1.6),
      },
    },
    {
      task: 'duet',
      metric: 'turn Gini',
      unit: 'share',
      label: 'share of the turns that a speaker has',
      rows: { original: shares(16) },
    },
  ];
}

interface Sketch {
  readonly task: string;
  readonly metrics: readonly MetricSketch[];
  readonly n: number;
}

interface MetricSketch {
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean | null;
  readonly floor?: number;
  readonly ceiling?: number;
  /** Where the subject goes with skill 0 and 1, if not from floor to ceiling. */
  readonly from?: number;
  readonly to?: number;
  readonly anchors?: Readonly<Record<string, number>>;
}

const share = (metric: string, floor: number, anchors: Record<string, number>): MetricSketch => ({
  metric,
  unit: 'share',
  higherIsBetter: true,
  floor,
  ceiling: 1,
  anchors: { original: 1, ...anchors },
});

const band = (metric: string, unit: string, from: number, original: number): MetricSketch => ({
  metric,
  unit,
  higherIsBetter: null,
  from,
  to: original,
  anchors: { original },
});

const sketches: readonly Sketch[] = [
  {
    task: 'cue',
    n: 142,
    metrics: [
      share('accuracy', 0.25, {
        'word overlap': 0.44,
        impostor: 0.31,
        shuffled: 0.28,
        empty: 0.25,
      }),
      { metric: 'rank', unit: 'rank', higherIsBetter: false, floor: 5.5, ceiling: 1 },
    ],
  },
  { task: 'voice', n: 95, metrics: [share('AUC', 0.5, { 'naive Bayes': 0.66, impostor: 0.42 })] },
  {
    task: 'bits',
    n: 201,
    metrics: [
      { metric: 'gap', unit: 'bits per byte', higherIsBetter: true, from: 0.01, to: 0.12 },
      {
        metric: 'bits per byte',
        unit: 'bits per byte',
        higherIsBetter: false,
        from: 2.4,
        to: 1.6,
        anchors: { shuffled: 3.31 },
      },
    ],
  },
  {
    task: 'next',
    n: 263,
    metrics: [share('balanced accuracy', 0.31, { ABA: 0.5, 'majority so far': 0.42 })],
  },
  { task: 'when', n: 88, metrics: [share('paired accuracy', 0, { 'always knows not': 0 })] },
  {
    task: 'recite',
    n: 16,
    metrics: [
      {
        metric: 'copied',
        unit: 'share',
        higherIsBetter: false,
        floor: 1,
        ceiling: 0,
        anchors: { recitation: 1, original: 0.0002 },
      },
    ],
  },
  {
    task: 'style',
    n: 20,
    metrics: [
      share('Delta percentile', 0, { original: 0.5, 'original, other half': 0.5, shuffled: 0.97 }),
      band('words a reply', 'words', 64, 13),
      band('thou-forms per 1,000', 'words', 2, 8),
    ],
  },
  {
    task: 'duet',
    n: 20,
    metrics: [band('turn Gini', 'share', 0.02, 0.35), band('ABA rate', 'share', 0.98, 0.7)],
  },
];

function inventTask({ task, metrics, n }: Sketch, invention: Invention): TaskResult {
  return {
    task,
    version: 1,
    summary: `What ${task} asks, in one line.`,
    items: n,
    metrics: metrics.map((metric, i) => inventMetric(metric, n, i, invention)),
    broken: [],
    evaluatedTokens: 300 * n,
    scoredTokens: 120 * n,
    generatedTokens: task === 'style' ? 900 : 0,
  };
}

function inventMetric(
  sketch: MetricSketch,
  n: number,
  i: number,
  invention: Invention,
): MetricResult {
  const { skill = 0.45, baseSkill = 0.3 } = invention;
  const { from = sketch.floor ?? 0, to = sketch.ceiling ?? 1 } = sketch;
  const { metric, unit, higherIsBetter, floor, ceiling, anchors = {} } = sketch;
  const at = (level: number) => from + (to - from) * Math.min(1, level + 0.05 * Math.sin(n + i));
  const error = Math.abs(to - from) * (0.6 / Math.sqrt(n));
  const [subject, base] = [at(skill), at(baseSkill)];
  const others = { base, 'prompted base': at((skill + baseSkill) / 2), ...anchors };
  return {
    metric,
    unit,
    higherIsBetter,
    ...(floor === undefined ? {} : { floor }),
    ...(ceiling === undefined ? {} : { ceiling }),
    rows: {
      subject: estimate(subject, error, n, unit),
      ...Object.fromEntries(
        Object.entries(others).map(([row, value]) => [row, estimate(value, error / 2, n, unit)]),
      ),
    },
    differences: Object.fromEntries(
      Object.entries(others).map(([row, value]) => [row, difference(subject - value, error)]),
    ),
  };
}

function estimate(value: number, stderr: number, n: number, unit: string): Estimate {
  const [least, most] =
    unit === 'share' ? [0, 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return {
    value,
    low: Math.max(least, value - 1.96 * stderr),
    high: Math.min(most, value + 1.96 * stderr),
    method: n < 100 ? 'Wilson' : 'scene-clustered bootstrap',
    stderr,
    n,
    nEff: n / 2.7,
    clusters: 12,
  };
}

function difference(value: number, stderr: number): Difference {
  const p = Math.min(1, Math.exp(-((value / stderr) ** 2) / 1.5));
  return {
    value,
    low: value - 1.96 * stderr,
    high: value + 1.96 * stderr,
    p,
    pHolm: Math.min(1, 4 * p),
    detectable: 2.8 * stderr,
  };
}
