/** A measured figure with its 95 % interval, as a registry keeps it. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Items it comes from. */
  readonly n: number;
}

/** Measured figures by their names, such as `gateFigures` has. */
export type Figures = Readonly<Record<string, Figure>>;

/** Plain data: what `JSON.parse(JSON.stringify(value))` gives back the same. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** How a prompt is written: see `prompt/prompt.ts`, whose `Form` this is. */
export type AdapterForm = 'chat' | 'script';

/** For whom one version at a time is promoted. */
export interface Slot {
  /** Catalogue id, or the file's name of a play that is in none. */
  readonly play: string;
  /** Cast name, such as "LADY MACBETH"; null for the adapter that all speakers of a play share. */
  readonly character: string | null;
  /** sha256 of the base model's file, in hex. */
  readonly base: string;
  readonly form: AdapterForm;
}

/** Facts about a version that its file does not hold. */
export interface VersionDetails {
  readonly play: string;
  readonly character: string | null;
  /** sha256 of the play's text, in hex. */
  readonly edition: string;
  /** The model file it was trained on, and fits alone. */
  readonly base: { readonly sha256: string; readonly name: string };
  /** See `tokenizerHash`. */
  readonly tokenizer: string;
  /** sha256 of the training rows in their order, in hex; empty for an adapter from elsewhere. */
  readonly data: string;
  /** With what it was trained: enough to train it again. */
  readonly recipe: Json;
  readonly form: AdapterForm;
  readonly templateVersion: number;
  /** `context`: applied to every token read; `turn`: to the character's own turns alone. */
  readonly scope: 'context' | 'turn';
  /** A play adapter knows the manner of all speakers, a character adapter what is one's own. */
  readonly layer: 'play' | 'character';
  /** How it was made, where that is not by `train`: `reinforced` learned what is rewarded, on top of `on` if it has one. */
  readonly kind?: 'reinforced';
  /** Ids of the plays that it has learned from, if they are several; of a reinforced version, whole. */
  readonly plays?: readonly string[];
  /**
   * Id of the version under which this one was trained: the two are summed at run time. For a character adapter that is
   * a play adapter; a reinforced one may be on any.
   */
  readonly on?: string;
  /** Figures known when it was registered. */
  readonly metrics: Figures;
  /** Id of the version it was made from. */
  readonly parent?: string;
  /** Program and version, or a person. */
  readonly by: string;
  readonly note?: string;
}

/**
 * An adapter as it was trained, for good: nothing of it ever changes. What is found out later, and which version is
 * in use, stands in the registry's history.
 */
export interface AdapterVersion extends VersionDetails {
  /** The first 12 digits of `sha256`. */
  readonly id: string;
  /** SHA-256 of adapter.gguf, in hex. */
  readonly sha256: string;
  /** By matrix kind, such as "attn_q": see `matrixNorms`. */
  readonly norms: Readonly<Record<string, number>>;
  /** When it was registered; ISO 8601. */
  readonly date: string;
  /** Size of adapter.gguf. */
  readonly bytes: number;
  readonly rank: number;
  readonly alpha: number;
}

export const idDigits = 12;

export function slotOf({ play, character, base, form }: VersionDetails): Slot {
  return { play, character, base: base.sha256, form };
}

/** The slots that a character's version is looked for in, in order: its own, and that of the whole play. */
export function slotsFor<T extends Omit<Slot, 'base'>>(slot: T): readonly T[] {
  return slot.character === null ? [slot] : [slot, { ...slot, character: null }];
}

/** Two slots are the same if their keys are. */
export function slotKey({ play, character, base, form }: Slot): string {
  return JSON.stringify([play, character, base, form]);
}
