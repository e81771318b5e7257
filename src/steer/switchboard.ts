import type { Sampling } from '../engine/sampling.ts';
import type { CastMember, Play } from '../play/play.ts';
import { loadPronunciations } from '../play/syllables.ts';
import { anachronisms, banPush } from './anachronism-ban.ts';
import { bracketsPush } from './brackets.ts';
import { characterLexicon, lexiconPush } from './character-lexicon.ts';
import { lengthHazard, lengthPush } from './length-hazard.ts';
import { defaultAlpha, type SteerName, steerNames } from './lever-names.ts';
import { presetOf } from './preset.ts';
import { type Push, type PushName, pushNames, scaled, sumOf } from './push.ts';
import { recipeOf } from './recipe.ts';
import { type SteeredModel, simpleSteering, tokensPerWord } from './simple.ts';
import { tagsPush } from './speaker-tags.ts';
import type { Explanation, LeverCost, ReflectionPlan, Steering } from './steering.ts';
import { prosePush, speaksVerse, versePush } from './verse.ts';
import type { SpelledModel } from './vocabulary-texts.ts';

export interface SwitchboardOptions {
  readonly model: SteeredModel & SpelledModel;
  /** What the character may be judged by: the train scenes. Asked for when a lever needs it. */
  readonly shown: () => Play;
  /** What the simple lever is made of. */
  readonly play: Play;
  readonly character: CastMember;
  readonly on: readonly SteerName[];
  /** λ: all log-weights are multiplied by it. Default 1. */
  readonly strength?: number | undefined;
  /** α while contrast is on. */
  readonly alpha?: number | undefined;
  readonly reflection?: ReflectionPlan | undefined;
  /** Cast names on stage beside the character. */
  readonly onStage?: readonly string[] | undefined;
}

const defaultReflection: ReflectionPlan = { drafts: 3, retries: 1 };

/** Drawn while nothing says otherwise. */
const longestReply = 256;

interface Part {
  readonly push: Push;
  ms: number;
  tokens: number;
}

/** The simple lever, which tells what changes, and what it told last. */
interface Simple {
  readonly steering: Steering;
  now: ReadonlyMap<number, number>;
}

/**
 * The levers of a character, each of which can be turned on and off between two replies.
 *
 * What is pushed is the sum of what the levers push, times λ; what one forbids is forbidden.
 */
export class Switchboard implements Steering {
  /** May be changed between replies. */
  strength: number;
  alpha: number;
  readonly #options: SwitchboardOptions;
  readonly #on = new Set<SteerName>();
  readonly #parts = new Map<PushName, Part>();
  #simple: Simple | undefined;
  #preset: Partial<Sampling> | undefined;

  private constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.strength = options.strength ?? 1;
    this.alpha = options.alpha ?? defaultAlpha;
  }

  static async open(options: SwitchboardOptions): Promise<Switchboard> {
    const board = new Switchboard(options);
    for (const name of options.on) await board.turn(name, true);
    return board;
  }

  isOn(name: SteerName): boolean {
    return this.#on.has(name);
  }

  /** In the order they are shown in. */
  get on(): readonly SteerName[] {
    return steerNames.filter((name) => this.#on.has(name));
  }

  /** Takes effect on the next reply. Making a lever for the first time takes up to 0.3 s. */
  async turn(name: SteerName, isOn: boolean): Promise<void> {
    if (isOn && isPush(name) && !this.#parts.has(name))
      this.#parts.set(name, { push: await this.#make(name), ms: 0, tokens: 0 });
    const { model, play, shown, character } = this.#options;
    if (isOn && name === 'simple' && !this.#simple) {
      const steering = simpleSteering(model, play, character);
      this.#simple = { steering, now: steering.bias };
    }
    if (isOn && name === 'preset') this.#preset ??= presetOf(shown(), character).sampling;
    if (isOn) this.#on.add(name);
    else this.#on.delete(name);
  }

  async #make(name: PushName): Promise<Push> {
    const { model, shown, character, onStage = [] } = this.#options;
    const play = shown();
    switch (name) {
      case 'lexicon':
        return lexiconPush(model, characterLexicon(play, character));
      case 'ban':
        return banPush(model, anachronisms(play));
      case 'verse':
        await loadPronunciations();
        return speaksVerse(play, character) ? versePush(model, play) : prosePush(model);
      case 'brackets':
        return bracketsPush(model);
      case 'length':
        return lengthPush(
          model,
          lengthHazard(play, character),
          tokensPerWord(model, play, character),
        );
      case 'tags':
        return tagsPush(model, play, new Set([character.name, ...onStage]));
    }
  }

  get #pushing(): Part[] {
    return pushNames.flatMap((name) => (this.#on.has(name) ? [this.#parts.get(name)!] : []));
  }

  get #simply(): Simple | undefined {
    return this.#on.has('simple') ? this.#simple : undefined;
  }

  get bias(): ReadonlyMap<number, number> {
    const simple = this.#simply;
    if (simple) simple.now = simple.steering.bias;
    return this.#sum('');
  }

  get stop(): readonly string[] {
    const own = this.#pushing.flatMap(({ push }) => push.stop ?? []);
    return [...new Set([...(this.#simply?.steering.stop ?? []), ...own])];
  }

  get maxTokens(): number {
    const limits = this.#pushing.flatMap(({ push }) => push.maxTokens ?? []);
    return Math.min(this.#simply?.steering.maxTokens ?? longestReply, ...limits);
  }

  get sampling(): Partial<Sampling> | undefined {
    return this.#on.has('preset') ? this.#preset : undefined;
  }

  get contrast(): number | undefined {
    return this.#on.has('contrast') ? this.alpha : undefined;
  }

  get reflection(): ReflectionPlan | undefined {
    return this.#on.has('reflection') ? (this.#options.reflection ?? defaultReflection) : undefined;
  }

  after(textSoFar: string, tokensSoFar: number): ReadonlyMap<number, number> | undefined {
    const simple = this.#simply;
    const next = simple?.steering.after(textSoFar, tokensSoFar);
    if (simple && next) simple.now = next;
    if (this.#pushing.length === 0 && !next) return undefined;
    return this.#sum(textSoFar);
  }

  #sum(text: string): ReadonlyMap<number, number> {
    const simple = this.#simply;
    const maps = this.#pushing.map((part) => {
      const start = performance.now();
      const found = part.push.after(text);
      part.ms += performance.now() - start;
      part.tokens++;
      return found;
    });
    return scaled(sumOf(simple ? [simple.now, ...maps] : maps), this.strength);
  }

  /** The pushes that are on as a weighted grammar, to be read, changed and given back with `--grammar`. */
  async recipe(): Promise<string> {
    const { shown, character, onStage = [] } = this.#options;
    if (this.isOn('verse')) await loadPronunciations();
    const levers = pushNames.filter((name) => this.isOn(name));
    return recipeOf({ play: shown(), character, levers, onStage });
  }

  explain(): Explanation {
    const simple = this.#simply?.steering.explain() ?? { towards: [], away: [] };
    const levers = this.on.flatMap((name) => {
      if (name === 'simple') return [];
      const about = isPush(name) ? this.#parts.get(name)!.push.about : this.#aboutOther(name);
      return [`${name}: ${about}`];
    });
    return { ...simple, ...(levers.length > 0 && { levers }) };
  }

  #aboutOther(name: SteerName): string {
    if (name === 'contrast') return `base + ${this.alpha} · (character − base)`;
    if (name === 'preset') return JSON.stringify(this.#preset);
    const { drafts, retries } = this.reflection ?? defaultReflection;
    return `${drafts} drafts, ${retries} more round${retries === 1 ? '' : 's'} if none will do`;
  }

  costs(): readonly LeverCost[] {
    return pushNames.flatMap((name): LeverCost[] => {
      const part = this.#on.has(name) ? this.#parts.get(name) : undefined;
      return part ? [{ lever: name, ms: part.ms, count: part.tokens, per: 'token' }] : [];
    });
  }
}

const isPush = (name: SteerName): name is PushName => pushNames.some((push) => push === name);
