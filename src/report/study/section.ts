import type { Ledger } from './ledger.ts';
import type { StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
import type { StudyShape } from './study-shape.ts';

/** A part of the report. */
export interface Section {
  /** Name that links lead to. */
  readonly id: string;
  readonly title: string;
  /** HTML, made safe already. */
  readonly body: string;
}

/** What sections are made of. */
export interface Material {
  readonly data: StudyData;
  readonly shape: StudyShape;
  readonly ledger: Ledger;
  readonly figures: readonly StudyFigure[];
}
