import { DraftReview } from '../../actor/review/draft-review.ts';
import { Voice } from '../../actor/voice.ts';
import type {
  DraftRequest,
  VoiceContext,
  VoiceDrawing,
  VoicePrompt,
} from '../../actor/voice-options.ts';
import type { Model } from '../../engine/model.ts';
import type { ActiveAdapter } from '../../engine/session/active-adapters.ts';
import type { Session } from '../../engine/session/session.ts';
import type { Memory } from '../../memory/memory.ts';
import type { Recollection } from '../../memory/recalled.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import type { Form, Persona } from '../../prompt/prompt.ts';
import type { PromptTemplate } from '../../prompt/prompt-template.ts';
import { textPrompt } from '../../prompt/text-prompt.ts';
import { type Strengths, strengthsOf } from '../../steer/lever-names.ts';
import type { ControlOptions } from '../../steer/levers/control-vector.ts';
import { noSteering, type Steering } from '../../steer/steering.ts';
import { SteeringLevers } from '../../steer/steering-levers.ts';
import { type Components, steeredBy } from '../subject.ts';
import type { Context } from '../task.ts';
import { recollectionOf } from './recollection-of.ts';
import { voiceContextOf } from './voice-context.ts';

export interface SubjectVoiceOptions extends Strengths {
  readonly model: Model;
  /** Stays the caller's to dispose of; nobody else may use it meanwhile. */
  readonly session: Session;
  /** What may be shown to the model: the play without the scenes that are held out. */
  readonly shown: Play;
  readonly form: Form;
  readonly levers: Components;
  /** Worn while the adapter's lever is on; their effects add up. */
  readonly adapters?: readonly ActiveAdapter[] | undefined;
  /** Memory of what `shown` holds. */
  readonly memory?: Memory | undefined;
  /** In which words the persona is told while the lever "prompt" is on. */
  readonly template?: PromptTemplate | undefined;
  /** Where control vectors are kept. */
  readonly making?: ControlOptions | undefined;
  /** A second session for contrast, opened when it is first needed; its opener disposes of it. */
  readonly baseSession?: (() => Promise<Session>) | undefined;
}

/** A context as tokens, and the voice that goes on with it. */
export interface Rendered {
  readonly voice: Voice;
  readonly prompt: VoicePrompt;
  /** Undefined for a text. */
  readonly context: VoiceContext | undefined;
  readonly speaker: string | undefined;
  readonly room: number;
  /** What stands in the prompt as recalled. */
  readonly recollection: Recollection;
}

interface Speaker {
  readonly member: CastMember;
  readonly persona: Persona;
  /** Made when drafts are first to be judged: critics know the shown scenes and no others. */
  review?: DraftReview;
}

/** The voices of everybody in a play on one session, as levers say: made when they are first asked for. */
export class SubjectVoices {
  /** Adapters of every voice; none while their lever is off. */
  readonly adapters: readonly ActiveAdapter[];
  readonly #options: SubjectVoiceOptions;
  readonly #cast = new Map<string, Speaker | undefined>();
  readonly #voices = new Map<string, Promise<Voice>>();

  constructor(options: SubjectVoiceOptions) {
    this.#options = options;
    this.adapters = options.levers.adapter ? (options.adapters ?? []) : [];
  }

  /**
   * The voice of a cast name; without one it is nobody's, for labels and texts.
   *
   * @param steering     "off" for what is scored as the model is: levers may take minutes to open.
   * @param surroundings "page" for a page of the play alone, with nothing told of the speaker.
   */
  of(
    speaker: string | undefined,
    steering: 'on' | 'off',
    surroundings: 'told' | 'page' = 'told',
  ): Promise<Voice> {
    const key = `${steering} ${surroundings} ${speaker ?? ''}`;
    const known = this.#voices.get(key);
    if (known) return known;
    const voice = surroundings === 'page' ? this.#openPage(speaker) : this.#open(speaker, steering);
    this.#voices.set(key, voice);
    return voice;
  }

  /**
   * A context as it fits the window.
   *
   * @param room     Tokens to leave free for what is to come.
   * @param steering See `of`.
   * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit.
   */
  async render(
    context: Context,
    room: number,
    steering: 'on' | 'off',
    signal?: AbortSignal,
  ): Promise<Rendered> {
    if (context.kind === 'text') {
      const { model, session } = this.#options;
      const prompt = {
        ...textPrompt(model, context.text, session.window - room),
        turns: [],
        conversation: [],
      };
      return {
        voice: await this.of(undefined, steering),
        prompt,
        room,
        context: undefined,
        speaker: undefined,
        recollection: { items: [] },
      };
    }
    const { speaker } = context;
    const isPage = context.kind === 'scene' && context.isPage;
    const voice = await this.of(speaker, steering, isPage ? 'page' : 'told');
    const asked = voiceContextOf(context);
    const recollection = await this.#recall(context, voice, signal);
    const { items, knowing } = recollection;
    const shown = { ...asked, recalled: items, knowing };
    return {
      voice,
      prompt: voice.render(shown, room),
      context: shown,
      speaker,
      room,
      recollection,
    };
  }

  async #recall(
    context: Exclude<Context, { readonly kind: 'text' }>,
    voice: Voice,
    signal?: AbortSignal,
  ): Promise<Recollection> {
    // As in a conversation: with the budget of the voice.
    if (context.kind === 'scene' || !context.memories || context.memories.kind === 'own')
      return voice.recall(voiceContextOf(context), signal);
    const { memory, levers } = this.#options;
    return memory && levers.memory ? recollectionOf(context, memory, signal) : { items: [] };
  }

  /** What is to be drafted, where reflection is on and the speaker is of the cast. */
  draftsOf(
    { voice, prompt, context, speaker, room }: Rendered,
    drawing: VoiceDrawing,
  ): DraftRequest | undefined {
    const found = speaker === undefined ? undefined : this.#speaker(speaker);
    if (!context || !found || !voice.steering.reflection) return undefined;
    const { shown: play, levers, memory } = this.#options;
    const { member: character, persona } = found;
    found.review ??= new DraftReview({
      play,
      shown: play,
      character,
      memory: levers.memory ? memory : undefined,
    });
    const heard = context.turns.map(({ text }) => text);
    const told = [persona.description, ...persona.relations, ...heard].join('\n');
    const reviewContext = { question: heard.at(-1) ?? '', told, at: context.at };
    return { context, prompt, room, drawing, review: found.review, reviewContext };
  }

  async #openPage(speaker: string | undefined): Promise<Voice> {
    const { session } = this.#options;
    const { adapters } = this;
    const steering = noSteering();
    return new Voice({ session, form: 'script', speaker, steering, adapters, policy: 'exact' });
  }

  async #open(speaker: string | undefined, wanted: 'on' | 'off'): Promise<Voice> {
    const { session, form, levers, memory, baseSession } = this.#options;
    const found = speaker === undefined ? undefined : this.#speaker(speaker);
    const steering = wanted === 'on' ? await this.#steeringOf(found) : noSteering();
    return new Voice({
      session,
      form,
      speaker,
      steering,
      adapters: this.adapters,
      policy: 'exact',
      persona: levers.persona ? found?.persona : undefined,
      memory: levers.memory ? memory : undefined,
      base: baseSession,
    });
  }

  async #steeringOf(found: Speaker | undefined): Promise<Steering> {
    const { model, shown: play, making, levers } = this.#options;
    const on = steeredBy(levers);
    if (on.length === 0 || !found) return noSteering();
    return SteeringLevers.open({
      model,
      shown: () => play,
      character: found.member,
      on,
      making,
      ...strengthsOf(this.#options),
    });
  }

  /** Undefined for somebody who is not in the play, such as "ALL". */
  #speaker(name: string): Speaker | undefined {
    if (this.#cast.has(name)) return this.#cast.get(name);
    const { shown, template, levers } = this.#options;
    const isInPlay = shown.cast.some((member) => member.name === name);
    const member = isInPlay ? findCharacter(shown, name) : undefined;
    const used = levers.prompt ? template : undefined;
    const found = member && { member, persona: personaOf(shown, member, used) };
    this.#cast.set(name, found);
    return found;
  }
}
