import type { Source } from '../corpus/source.ts';
import type { ScoreRequest } from '../eval/task.ts';

/** A question of the benchmark that can be learned: what is asked with a page and without, and what each answer gets. */
export interface ChoiceQuestion {
  readonly id: string;
  readonly task: string;
  /** Such as "3.1"; the questions of one scene are asked over one page. */
  readonly scene: string;
  readonly page: ScoreRequest;
  /** With the same continuations. */
  readonly alone: ScoreRequest;
  /** One a continuation. */
  readonly rewards: readonly number[];
  /** See `ChoiceItem.group`. */
  readonly group: string;
}

/** A task of the benchmark whose expected reward can be learned exactly. */
export interface ChoiceTask {
  readonly name: string;
  /** Version of the benchmark's task: what was learned with another is another thing. */
  readonly version: number;
  /** Over all scenes of a play. */
  questions(source: Source): ChoiceQuestion[];
}
