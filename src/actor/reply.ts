import type { Sampling } from '../engine/sampling.ts';
import type { Stop } from '../engine/session/reply-text.ts';
import type { AnswerSource } from '../memory/answer-sources.ts';
import type { Knowing, Recalled } from '../memory/recalled.ts';
import type { LeverCost } from '../steer/steering.ts';
import type { AdapterName } from './adapter-source.ts';
import type { ReflectionRecord } from './review/reflect.ts';
import type { Spoken } from './speak.ts';

export interface ReplyOptions {
  readonly seed: number;
  /** What differs from `speechSampling`. */
  readonly sampling?: Partial<Sampling> | undefined;
  /** Default: the steering's. */
  readonly maxTokens?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which adapters act on a reply. */
export interface AdaptersEvent {
  readonly kind: 'adapters';
  /** Cast name. */
  readonly speaker: string;
  readonly adapters: readonly AdapterName[];
  /** Whether they differ from those of the reply before. */
  readonly isNew: boolean;
  /** See `AdapterSelection`. */
  readonly remark: string | undefined;
}

/**
 * What a reply consists of, in order: `adapters` once, `recalled` once, `text` in pieces, `done` once; each says by its cast
 * name who speaks.
 */
export type ReplyEvent =
  | AdaptersEvent
  | {
      readonly kind: 'recalled';
      readonly speaker: string;
      readonly items: readonly Recalled[];
      /** See `Recollection`. */
      readonly knowing?: Knowing | undefined;
    }
  | { readonly kind: 'text'; readonly speaker: string; readonly text: string }
  | ({ readonly kind: 'done' } & Reply);

export interface Reply {
  /** Cast name. */
  readonly speaker: string;
  /** The pieces of text, joined. */
  readonly reply: string;
  readonly tokens: number;
  /** Speed of the tokens after the first. */
  readonly tokensPerSecond: number;
  readonly promptTokens: number;
  /** Prompt tokens reused from the KV cache or a saved state. */
  readonly reusedTokens: number;
  /** Oldest turns that no longer fitted into the window. */
  readonly droppedTurns: number;
  /** From the call to the first token. */
  readonly firstTokenMs: number;
  /** From the start of the process to the first token. */
  readonly firstTokenSinceStartMs: number;
  readonly recalled: readonly Recalled[];
  /** What of it the words rest on, with lines of the play; empty: on nothing recalled. */
  readonly sources: readonly AnswerSource[];
  /** Whether what was asked is known, where digests tell it. */
  readonly knowing?: Knowing | undefined;
  readonly seed: number;
  readonly stop: Stop;
  /** The adapters it was spoken with. */
  readonly adapters: readonly AdapterName[];
  /** What each lever cost it. */
  readonly costs: readonly LeverCost[];
  /** What was not said, and why, where drafts were made. */
  readonly reflection?: ReflectionRecord | undefined;
}

/** A reply that is over: what was said, with which seed, and what was not said in its place. */
export interface Said {
  readonly said: Spoken;
  readonly seed: number;
  readonly reflection?: ReflectionRecord | undefined;
}

export function numbersOf({ tokens: { length }, firstAt, lastAt }: Spoken) {
  const perMs = length > 1 ? (length - 1) / (lastAt - firstAt) : 0;
  return { tokens: length, tokensPerSecond: 1000 * perMs };
}

export function reflectionCost(reflection: ReflectionRecord | undefined): LeverCost[] {
  return reflection ? [{ lever: 'reflection', ms: reflection.ms, count: 1, per: 'reply' }] : [];
}
