import type { Item } from '../../measure/row.ts';

/** A speech, and whose voice it may be. */
export interface VoiceItem extends Item {
  readonly speaker: string;
  /** Whose voices the speech is tried in, the speaker's among them. */
  readonly voices: readonly string[];
  readonly text: string;
  /** By voice: log-likelihood in nats by naive Bayes that has not read the scene. */
  readonly bayes: readonly number[];
  /** By voice: its share of the words they all say. */
  readonly shares: readonly number[];
  readonly unit: string;
}
