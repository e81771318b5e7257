import type { Results, RunRecord } from '../../eval/results.ts';
import type { SceneResults } from '../../eval/scenes/scene-results.ts';
import type { Row } from '../../measure/row.ts';
import type { Manifest, SweepTask } from '../../sweep/manifest.ts';
import type { SpeedFile } from '../../workspace/bench/speed-file.ts';
import type { LearningCurve } from '../../workspace/runs/learning-curve.ts';

/** A file that figures are worked out from. */
export interface StudyFileRef {
  /** Relative to the study's folder. */
  readonly path: string;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
}

/** One evaluation with every row of it. */
export interface Evaluation {
  readonly task: SweepTask;
  readonly results: Results;
  readonly record: RunRecord | null;
  /** By task, then by row ("subject", "base", an anchor), in the order of the file. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, readonly Row[]>>;
  /** The file of rows: what every figure of it is worked out from. */
  readonly file: StudyFileRef;
}

export interface PlayedScenes {
  readonly task: SweepTask;
  readonly results: SceneResults;
  readonly file: StudyFileRef;
}

export interface TimedModel {
  readonly task: SweepTask;
  readonly speed: SpeedFile;
  readonly file: StudyFileRef;
}

/** A training that is done, and how long its last try took. */
export interface Training {
  readonly task: SweepTask;
  readonly seconds: number | null;
  /** Missing in studies that older programs planned. */
  readonly curve?: { readonly found: LearningCurve; readonly file: StudyFileRef };
}

/** A task of the study that gives nothing to the report. */
export interface Gap {
  readonly task: SweepTask;
  /** "not run", "failed", "damaged". */
  readonly why: string;
}

/** Everything that a report is made from: files of a study as they were read, with nothing worked out. */
export interface StudyData {
  /** Name of the folder, for people. */
  readonly name: string;
  readonly manifest: Manifest;
  readonly evaluations: readonly Evaluation[];
  readonly scenes: readonly PlayedScenes[];
  readonly speeds: readonly TimedModel[];
  readonly trainings: readonly Training[];
  readonly gaps: readonly Gap[];
}
