import type { Difference, Estimate } from '../measure/metric.ts';

export interface MetricResult {
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean | null;
  readonly floor?: number;
  readonly ceiling?: number;
  /** By row: "subject" first, then "base", then the anchors. */
  readonly rows: Readonly<Record<string, Estimate>>;
  /** By row: the subject minus it. */
  readonly differences: Readonly<Record<string, Difference>>;
}

export interface TaskResult {
  readonly task: string;
  readonly version: number;
  readonly summary: string;
  readonly items: number;
  readonly metrics: readonly MetricResult[];
  /** The subject's figures for each group of items, such as a character's, by metric; only of tasks that have groups. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, Estimate>>>>;
  /** Anchors that did not fall in the order they must, as sentences; empty if all is well. */
  readonly broken: readonly string[];
  /** Tokens evaluated, and of them those whose log-probability was asked for. */
  readonly evaluatedTokens: number;
  readonly scoredTokens: number;
  readonly generatedTokens: number;
}

/** The values that a metric is made from: numbers alone, no text. */
export interface Distribution {
  readonly task: string;
  readonly metric: string;
  readonly unit: string;
  /** What one value is, in words. */
  readonly label: string;
  /** By row, of those that are compared: "subject", "prompted base", "base" and "original". Ascending, to six decimals. */
  readonly rows: Readonly<Record<string, readonly number[]>>;
}

/** The active adapters; the one on top gives the name. */
export interface AdapterDescription {
  /** File name given with --adapter, without folders; the id of a version. */
  readonly file: string;
  /** sha256 of the file; of several files that of their sha256s, one a line. */
  readonly sha256: string;
  readonly scale: number;
  /** Id, if it is a version of the registry. */
  readonly id?: string;
  /** The version that lies under it. */
  readonly on?: { readonly id: string; readonly sha256: string };
}

/** What was measured: a model with its levers. */
export interface SubjectDescription {
  /** The model as given with --model. */
  readonly model: string;
  readonly modelFile: string;
  readonly modelSha256: string;
  readonly modelBytes: number;
  readonly parameters: number;
  readonly adapter: AdapterDescription | null;
  readonly persona: boolean;
  readonly memory: boolean;
  /** Whether the lever "simple" was on; only in files of programs that had it. Read it with `leversOf`. */
  readonly steering?: boolean;
  readonly form: string;
  readonly templateVersion: number;
  /** Name of the prompt template, unless it was the default. */
  readonly prompt?: string;
  /** Levers of steering that were on, their λ unless 1, α and the control vector's strength if they were given. */
  readonly steeredBy?: readonly string[];
  readonly strength?: number;
  readonly alpha?: number;
  readonly controlGain?: number;
  /** Whether they bent what was scored too. */
  readonly steersScores?: true;
}

/** Names of the levers of steering that were on, in files of whatever age. */
export function leversOf({
  steering,
  steeredBy = [],
}: Pick<SubjectDescription, 'steering' | 'steeredBy'>): readonly string[] {
  return [...(steering ? ['simple'] : []), ...steeredBy];
}

/**
 * What `dramatis eval --json FILE` writes, beside the fields that lm-evaluation-harness has. Nothing in it depends on
 * the clock: three runs on one machine give the same bytes. Times are in `RunRecord`.
 */
export interface Results {
  readonly format: 'dramatis-bench';
  readonly formatVersion: 1;
  readonly play: { readonly id: string; readonly title: string; readonly sha256: string };
  readonly character: string | null;
  readonly split: string;
  /** sha256 of the list of scenes and their parts, in hex: results of other parts cannot be compared. */
  readonly splitSha256: string;
  readonly folds: number | null;
  readonly limit: number | null;
  readonly subject: SubjectDescription;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly threads: string;
    readonly backends: string;
  };
  /** The program that wrote it. Files of older programs have the versions of tasks in its place. */
  readonly versions: { readonly dramatis: string; readonly commit: string; readonly node: string };
  readonly seed: number;
  readonly tasks: readonly TaskResult[];
  /** Distributions of metrics whose shape says more than their mean; files of older programs have none. */
  readonly distributions?: readonly Distribution[];
  /** sha256 of FILE.rows.jsonl, in hex: rows of another run are not taken for its own. Older programs wrote none. */
  readonly rowsSha256?: string;
  /** How well the base model knows the text already, by measure: see `exposure`. */
  readonly exposure: Readonly<Record<string, Estimate>>;
  /** Replies at fixed seeds to fixed questions, the first ones. */
  readonly samples: readonly {
    readonly question: string;
    readonly reply: string;
    readonly seed: number;
  }[];
  /** Adapter (or persona) × character: AUC of own against others, from `voice`. */
  readonly matrix: {
    readonly speakers: readonly string[];
    readonly voices: readonly string[];
    readonly cells: readonly (readonly number[])[];
  } | null;
}

/** What of a machine decides how sums are rounded: its processor and the back-ends that computed. */
export function machineOf({ machine: { cpu, backends } }: Pick<Results, 'machine'>): string {
  return `${cpu}, ${backends}`;
}

/** When and how fast a run went: written beside its results, as FILE.run.json. */
export interface RunRecord {
  /** ISO 8601. */
  readonly started: string;
  readonly seconds: number;
  readonly tasks: Readonly<
    Record<string, { readonly seconds: number; readonly tokensPerSecond: number }>
  >;
  readonly promptTokensPerSecond: number;
  readonly generatedTokensPerSecond: number;
  readonly firstTokenMs: number;
  readonly peakMiB: number;
}
