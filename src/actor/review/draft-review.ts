import { RunIndex } from '../../corpus/gates/run-index.ts';
import type { Session } from '../../engine/session/session.ts';
import type { Memory } from '../../memory/memory.ts';
import type { Passage } from '../../memory/passage.ts';
import { passagesOf } from '../../memory/passages.ts';
import type { CastMember, Place, Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';
import { anachronisms } from '../../steer/levers/anachronism-ban.ts';
import { ownSpeeches } from '../../steer/levers/own-speeches.ts';
import { VoiceRatio } from '../../steer/levers/voice-ratio.ts';
import type { ReflectionPlan } from '../../steer/steering.ts';
import type { Spoken } from '../speak.ts';
import type { Critic, Draft } from './critic.ts';
import { anachronismCritic } from './critics/anachronism.ts';
import { copyingCritic } from './critics/copying.ts';
import { type FluencyBand, fluencyBand, fluencyCritic } from './critics/fluency.ts';
import { unknownCritic } from './critics/unknown.ts';
import { witnessedCritic } from './critics/witnessed.ts';
import { reflect } from './reflect.ts';

/** Speeches that the fluency band is measured on: enough for a bound, half a second to score. */
const bandSpeeches = 12;
const bandWords = [8, 40] as const;

export interface DraftReviewOptions {
  readonly play: Play;
  /** What the character may be judged by: the train scenes. */
  readonly shown: Play;
  readonly character: CastMember;
  /** Without one, no draft is held against the play's facts. */
  readonly memory?: Memory | undefined;
}

/** What a reply is asked for with. */
export interface ReviewContext {
  readonly question: string;
  /** Persona and all that others have said. */
  readonly told: string;
  readonly at?: Place | undefined;
}

/** A reply that is to be chosen from drafts of a prompt `P`. */
export interface ReviewRequest<P extends { readonly tokens: Int32Array }> {
  readonly plan: ReflectionPlan;
  /** Seed of the first draft. */
  readonly seed: number;
  readonly context: ReviewContext;
  readonly session: Session;
  /** The prompt, with what drafts before were to do better. */
  build(note?: string): P;
  /** Speaks drafts, one for each seed, in their order; one may be spoken when it is asked for. */
  drafts(prompt: P, seeds: readonly number[]): AsyncIterable<Spoken>;
  /** The tokens of words after a prompt. */
  write(text: string): Int32Array;
  readonly signal?: AbortSignal | undefined;
}

/** What critics know of a character, made when it is first asked for and kept. */
export class DraftReview {
  readonly #options: DraftReviewOptions;
  #copied: RunIndex | undefined;
  #passages: readonly Passage[] | undefined;
  #listed: readonly string[] | undefined;
  #voice: VoiceRatio | undefined;
  #band: FluencyBand | undefined;

  constructor(options: DraftReviewOptions) {
    this.#options = options;
  }

  /** Drafts, together or one after another on the session, criticised; the one to be spoken, and the record of the others. */
  async reflect<P extends { readonly tokens: Int32Array }>(
    asked: ReviewRequest<P>,
  ): ReturnType<typeof reflect> {
    const { plan, seed, build, session, signal } = asked;
    await this.#tune(build().tokens, asked);
    return reflect({
      plan,
      seed,
      critics: this.#critics(asked.context),
      worth: ({ text }) => this.#voiceOf(text),
      draft: async (seeds, note) => {
        const prompt = build(note);
        const drafts: Draft[] = [];
        for await (const said of asked.drafts(prompt, seeds)) {
          const natsPerToken = await natsOf(session, prompt.tokens, said, signal);
          drafts.push({ ...said, seed: seeds[drafts.length]!, natsPerToken });
        }
        return drafts;
      },
    });
  }

  /** Those whose objection keeps a draft from being spoken. */
  #critics({ question, told, at }: ReviewContext): Critic[] {
    const { play, shown, character, memory } = this.#options;
    const unknown = memory?.unknownWords({ character: character.name, before: at });
    this.#copied ??= new RunIndex(
      [...speeches(play)].map(({ speech: { place, lines } }) => ({
        place,
        text: lines.join('\n'),
      })),
    );
    this.#passages ??= passagesOf(play);
    this.#listed ??= anachronisms(shown);
    return [
      witnessedCritic({ play, character, passages: this.#passages, at, told }),
      ...(unknown ? [unknownCritic(unknown, told)] : []),
      anachronismCritic(this.#listed, question),
      copyingCritic(this.#copied, question),
      ...(this.#band ? [fluencyCritic(this.#band)] : []),
    ];
  }

  /** How much a text sounds like this character rather than the others, in nats a word. */
  #voiceOf(text: string): number {
    const { shown, character } = this.#options;
    this.#voice ??= new VoiceRatio(shown, character);
    return this.#voice.of(text);
  }

  /** Measures what the model makes of the character's own speeches, once: half a second. */
  async #tune(
    prompt: Int32Array,
    { session, write, signal }: Pick<ReviewRequest<never>, 'session' | 'write' | 'signal'>,
  ): Promise<void> {
    if (this.#band) return;
    const { shown, character } = this.#options;
    const fit = ownSpeeches(shown, character)
      .map((lines) => lines.join(' '))
      .filter((text) => {
        const { length } = words(text);
        return length >= bandWords[0] && length <= bandWords[1];
      });
    const step = Math.max(1, Math.floor(fit.length / bandSpeeches));
    const texts = fit.filter((_, i) => i % step === 0).slice(0, bandSpeeches);
    if (texts.length === 0) return;
    const rows = await session.score(prompt, texts.map(write), signal);
    this.#band = fluencyBand(rows.map(meanNats));
  }
}

async function natsOf(
  session: Session,
  prompt: Int32Array,
  { tokens }: Spoken,
  signal?: AbortSignal,
): Promise<number> {
  if (tokens.length === 0 || prompt.length + tokens.length > session.window) return Number.NaN;
  const [row] = await session.score(prompt, [Int32Array.from(tokens)], signal);
  return meanNats(row!);
}

/** Mean of −log p. */
function meanNats(row: Float32Array): number {
  return -row.reduce((sum, nats) => sum + nats, 0) / row.length;
}
