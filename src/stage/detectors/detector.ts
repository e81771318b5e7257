import type { AlarmAction } from '../events.ts';
import type { Attempt } from './attempts.ts';

/** How a scene stands, for detectors. */
export interface SceneSoFar {
  /** Turns and silences, oldest first; the last one is what is looked at. */
  readonly attempts: readonly Attempt[];
  /** Cast names. */
  readonly onStage: readonly string[];
  /** The vector of a turn's words by the number of its event; without it nothing is said of turns that mean the same. */
  readonly vectorOf?: ((n: number) => Float32Array | undefined) | undefined;
  /** How much likelier words are from somebody than from the others of the play, in nats a word. */
  readonly voiceOf?: ((who: string, text: string) => number | undefined) | undefined;
  /** Directions of the real scene that have not been shown yet. */
  readonly directions?: readonly string[] | undefined;
}

/** What a detector reads off a scene. */
export interface Reading {
  readonly value: number;
  /** Whom it is about. */
  readonly who?: string | undefined;
  readonly detail?: string | undefined;
}

/** Watches a scene for one thing that goes wrong. It knows no model and no clock: the same turns give the same readings. */
export interface Detector {
  readonly name: string;
  /** Whether a value below the limit is what goes wrong; a value above it, unless set. */
  readonly isBelow?: true;
  /** Whether it is about one person, whose alarms of the whole scene make the ladder; those of the last 16 turns do, unless set. */
  readonly isPersonal?: true;
  /** For how many turns after an alarm it raises no other, so that what was done can show; 0, unless set. */
  readonly quietTurns?: number;
  /** Undefined if the last turn gives it nothing to read. */
  read(scene: SceneSoFar): Reading | undefined;
  /**
   * What is done about a reading beyond the limit.
   *
   * @param before How many alarms it has raised before: the step of the ladder.
   */
  act(scene: SceneSoFar, reading: Reading, before: number): AlarmAction;
}

/** Turns that detectors look back over. */
export const lookBack = 8;

/** The last turns and silences of a scene. */
export function lately({ attempts }: Pick<SceneSoFar, 'attempts'>): readonly Attempt[] {
  return attempts.slice(-lookBack);
}
