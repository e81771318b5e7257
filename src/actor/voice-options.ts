import type { Sampling } from '../engine/sampling.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import type { CachePolicy } from '../engine/session/cache-policy.ts';
import type { Session } from '../engine/session/session.ts';
import type { Memory } from '../memory/memory.ts';
import type { Knowing } from '../memory/recalled.ts';
import type { Place } from '../play/play.ts';
import type { Form, Persona, Quotation, SceneLine, ScenePrompt } from '../prompt/prompt.ts';
import type { Steering } from '../steer/steering.ts';
import type { DraftReview, ReviewContext } from './review/draft-review.ts';

export interface VoiceOptions {
  /** The timeline it speaks on. Stays the opener's to dispose of; nobody else may use it meanwhile. */
  readonly session: Session;
  readonly form: Form;
  /** Cast name; without one it is nobody's voice, and says which label comes next or goes on with a text. */
  readonly speaker?: string | undefined;
  readonly persona?: Persona | undefined;
  /** Without it nothing is recalled. */
  readonly memory?: Memory | undefined;
  readonly steering: Steering;
  /** Adapters at first; their effects add up. */
  readonly adapters?: readonly ActiveAdapter[] | undefined;
  /** Opens the session that contrast holds the speaker against; without it nothing is contrasted. */
  readonly base?: (() => Promise<Session>) | undefined;
  /** What may be found in the base's cache: see `CachePolicy`. */
  readonly policy: CachePolicy;
}

/** A scene so far, at a point of the story. */
export interface VoiceContext {
  readonly turns: readonly SceneLine[];
  readonly at?: Place | undefined;
  /** See `SceneParts`. The same in all contexts of one conversation, whose prompts have their beginning in common. */
  readonly isAsked?: boolean | undefined;
  /** What the speaker recalls, the one that fits best first. */
  readonly recalled?: readonly Quotation[] | undefined;
  /** Whether the speaker knows what is asked: if not, that stands in place of what is recalled. */
  readonly knowing?: Pick<Knowing, 'isKnown'> | undefined;
  /** How the next words are said: see `Turn.manner`. */
  readonly manner?: string | undefined;
  /** What was wrong with an answer that was struck out. */
  readonly note?: string | undefined;
}

/** A context as tokens. */
export interface VoicePrompt extends ScenePrompt {
  /** The turns that it shows. */
  readonly turns: readonly SceneLine[];
  /** All turns of the context, those that no longer fitted among them. */
  readonly conversation: readonly SceneLine[];
  /** The point in the story that it is spoken at. */
  readonly at?: Place | undefined;
}

/** How a reply is drawn. */
export interface VoiceDrawing {
  readonly seed: number;
  readonly maxTokens: number;
  /** What differs from `speechSampling` and the steering's own. */
  readonly sampling?: Partial<Sampling> | undefined;
  /** Word → nats, for words that the reply is to begin with less likely (or more). */
  readonly openings?: ReadonlyMap<string, number> | undefined;
  /** Whether it ends after no comma, semicolon or colon: see `wholeSentences`. */
  readonly isWhole?: boolean | undefined;
  /** Tokens said before the prompt, so that the repetition penalties see them. */
  readonly history?: Int32Array | undefined;
}

/** A reply that is chosen from drafts. */
export interface DraftRequest {
  readonly context: VoiceContext;
  /** The prompt of the context, without a note. */
  readonly prompt: VoicePrompt;
  /** Tokens that a prompt leaves free. */
  readonly room: number;
  /** The first draft's; each further one takes the next seed. */
  readonly drawing: VoiceDrawing;
  readonly review: DraftReview;
  /** What critics are to know of the question. */
  readonly reviewContext: ReviewContext;
}
