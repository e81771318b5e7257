import type { Adapter } from '../engine/adapter.ts';
import type { Sampling } from '../engine/sampling.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import type { CastMember, Play } from '../play/play.ts';
import { loadPronunciations } from '../play/verse/syllables.ts';
import { grammarsApart } from './grammar/grammar-text.ts';
import type { SpelledModel } from './grammar/vocabulary-texts.ts';
import {
  defaultAlpha,
  defaultControl,
  type LeverName,
  type Strengths,
  steerNames,
} from './lever-names.ts';
import { anachronisms, banPush } from './levers/anachronism-ban.ts';
import { bracketsPush } from './levers/brackets.ts';
import { characterLexicon, lexiconPush } from './levers/character-lexicon.ts';
import {
  type ControlledModel,
  type ControlOptions,
  controlVectorOf,
} from './levers/control-vector.ts';
import { lengthHazard, lengthPush } from './levers/length-hazard.ts';
import { presetOf } from './levers/preset.ts';
import { prosePush } from './levers/prose.ts';
import { type SteeredModel, simpleSteering, tokensPerWord } from './levers/simple.ts';
import { tagsPush } from './levers/speaker-tags.ts';
import { speaksVerse, versePush } from './levers/verse.ts';
import { addBiases, type Push, type PushName, pushNames } from './push.ts';
import type { Explanation, LeverCost, ReflectionPlan, Steering } from './steering.ts';

export interface SwitchboardOptions extends Strengths {
  readonly model: SteeredModel & SpelledModel & ControlledModel;
  /** What the character may be judged by: the train scenes. Asked for when a lever needs it. */
  readonly shown: () => Play;
  /** What the simple lever is made of. */
  readonly play: Play;
  readonly character: CastMember;
  readonly on: readonly LeverName[];
  /** Where control vectors are kept, and who is told of one in the making. */
  readonly making?: ControlOptions | undefined;
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

/**
 * The levers of a character, each of which can be turned on and off between two replies.
 *
 * A push is a weighted grammar of its own: a session draws what all of those that are on allow, by the product of their
 * weights to the power of λ. The model keeps the grammars it has compiled, so that turning a lever compiles that one alone.
 * The simple lever, and verse for who speaks it, push tokens, and add to that.
 */
export class SteeringLevers implements Steering {
  /** May be changed between replies. */
  strength: number;
  alpha: number;
  controlGain: number;
  readonly #options: SwitchboardOptions;
  readonly #on = new Set<LeverName>();
  readonly #parts = new Map<PushName, Part>();
  #simple: Steering | undefined;
  /** What the simple lever pushes now. */
  #simpleBias: ReadonlyMap<number, number> = new Map();
  #preset: Partial<Sampling> | undefined;
  #control: Adapter | undefined;
  #controlled = { ms: 0, count: 0 };

  private constructor(options: SwitchboardOptions) {
    this.#options = options;
    this.strength = options.strength ?? 1;
    this.alpha = options.alpha ?? defaultAlpha;
    this.controlGain = options.controlGain ?? defaultControl;
  }

  static async open(options: SwitchboardOptions): Promise<SteeringLevers> {
    const board = new SteeringLevers(options);
    for (const name of options.on) await board.turn(name, true);
    return board;
  }

  isOn(name: LeverName): boolean {
    return this.#on.has(name);
  }

  /** In the order they are shown in. */
  get on(): readonly LeverName[] {
    return steerNames.filter((name) => this.#on.has(name));
  }

  /** Takes effect on the next reply. Making a lever for the first time takes up to 0.3 s; a control vector, seconds. */
  async turn(name: LeverName, isOn: boolean): Promise<void> {
    if (isOn && isPush(name) && !this.#parts.has(name))
      this.#parts.set(name, { push: await this.#make(name), ms: 0, tokens: 0 });
    const { model, play, shown, character } = this.#options;
    if (isOn && name === 'simple') this.#simple ??= simpleSteering(model, play, character);
    if (isOn && name === 'preset') this.#preset ??= presetOf(shown(), character).sampling;
    if (isOn && name === 'control')
      this.#control ??= await controlVectorOf(model, shown(), character, this.#options.making);
    if (isOn) this.#on.add(name);
    else this.#on.delete(name);
  }

  async #make(name: PushName): Promise<Push> {
    const { model, shown, character, onStage = [] } = this.#options;
    const play = shown();
    switch (name) {
      case 'lexicon':
        return lexiconPush(characterLexicon(play, character));
      case 'ban':
        return banPush(anachronisms(play));
      case 'verse':
        await loadPronunciations();
        return speaksVerse(play, character) ? versePush(model, play) : prosePush();
      case 'brackets':
        return bracketsPush();
      case 'length':
        return lengthPush(lengthHazard(play, character), tokensPerWord(model, play, character));
      case 'tags':
        return tagsPush(play, new Set([character.name, ...onStage]));
    }
  }

  get #pushing(): Part[] {
    return pushNames.flatMap((name) => (this.#on.has(name) ? [this.#parts.get(name)!] : []));
  }

  get #simply(): Steering | undefined {
    return this.#on.has('simple') ? this.#simple : undefined;
  }

  get bias(): ReadonlyMap<number, number> {
    this.#simpleBias = this.#simply?.bias ?? new Map();
    return this.#biasAfter('');
  }

  /** Those of the pushes that are on and have one. */
  get #grammatical(): Part[] {
    return this.#pushing.filter(({ push }) => push.grammar !== '');
  }

  get grammars(): readonly string[] {
    return this.#grammatical.map(({ push }) => push.grammar);
  }

  charge(grammars: readonly number[], control: number): void {
    for (const [i, part] of this.#grammatical.entries()) {
      part.ms += grammars[i] ?? 0;
      part.tokens++;
    }
    if (this.#on.has('control'))
      this.#controlled = { ms: this.#controlled.ms + control, count: this.#controlled.count + 1 };
  }

  get stop(): readonly string[] {
    const own = this.#pushing.flatMap(({ push }) => push.stop ?? []);
    return [...new Set([...(this.#simply?.stop ?? []), ...own])];
  }

  get maxTokens(): number {
    const limits = this.#pushing.flatMap(({ push }) => push.maxTokens ?? []);
    return Math.min(this.#simply?.maxTokens ?? longestReply, ...limits);
  }

  get sampling(): Partial<Sampling> | undefined {
    return this.#on.has('preset') ? this.#preset : undefined;
  }

  get contrast(): number | undefined {
    return this.#on.has('contrast') ? this.alpha : undefined;
  }

  get control(): ActiveAdapter | undefined {
    const adapter = this.#on.has('control') ? this.#control : undefined;
    return adapter && { adapter, scale: this.controlGain };
  }

  get reflection(): ReflectionPlan | undefined {
    return this.#on.has('reflection') ? (this.#options.reflection ?? defaultReflection) : undefined;
  }

  after(textSoFar: string, tokensSoFar: number): ReadonlyMap<number, number> | undefined {
    const next = this.#simply?.after(textSoFar, tokensSoFar);
    if (next) this.#simpleBias = next;
    const isPushed = next !== undefined || this.#pushing.some(({ push }) => push.after);
    return isPushed ? this.#biasAfter(textSoFar) : undefined;
  }

  #biasAfter(text: string): ReadonlyMap<number, number> {
    const maps = this.#pushing.flatMap((part) => {
      const { after } = part.push;
      if (!after) return [];
      const start = performance.now();
      const found = after(text);
      part.ms += performance.now() - start;
      part.tokens++;
      return [found];
    });
    return scaled(addBiases([this.#simpleBias, ...maps]), this.strength);
  }

  /** The pushes that are on as weighted grammars, to be read, changed and given back with `--grammar`. */
  recipe(): string {
    const { name } = this.#options.character;
    const parts = this.#pushing.map(
      ({ push }) => `# ${name}: ${push.about}\n${push.written ?? push.grammar}`,
    );
    return parts.length === 0 ? `# ${name}: nothing is pushed\n` : parts.join(grammarsApart);
  }

  explain(): Explanation {
    const simple = this.#simply?.explain() ?? { towards: [], away: [] };
    const levers = this.on.flatMap((name) => {
      if (name === 'simple') return [];
      const about = isPush(name) ? this.#parts.get(name)!.push.about : this.#aboutOther(name);
      return [`${name}: ${about}`];
    });
    return { ...simple, ...(levers.length > 0 && { levers }) };
  }

  #aboutOther(name: LeverName): string {
    if (name === 'contrast') return `base + ${this.alpha} · (character − base)`;
    if (name === 'control')
      return `${this.controlGain} times from the others’ lines towards ${this.#options.character.name}’s`;
    if (name === 'preset') return JSON.stringify(this.#preset);
    const { drafts, retries } = this.reflection ?? defaultReflection;
    return `${drafts} drafts, ${retries} more round${retries === 1 ? '' : 's'} if none will do`;
  }

  costs(): readonly LeverCost[] {
    const pushes = pushNames.flatMap((name): LeverCost[] => {
      const part = this.#on.has(name) ? this.#parts.get(name) : undefined;
      return part ? [{ lever: name, ms: part.ms, count: part.tokens, per: 'token' }] : [];
    });
    const control = { lever: 'control', ...this.#controlled, per: 'token' } as const;
    return this.#on.has('control') ? [...pushes, control] : pushes;
  }
}

const isPush = (name: LeverName): name is PushName => pushNames.some((push) => push === name);

/** Each log-weight times λ. What is forbidden stays so, whatever λ is: 0 · −∞ is no number. */
function scaled(
  weights: ReadonlyMap<number, number>,
  strength: number,
): ReadonlyMap<number, number> {
  if (strength === 1) return weights;
  const found = new Map<number, number>();
  for (const [token, nats] of weights) {
    const pushed = nats === Number.NEGATIVE_INFINITY ? nats : nats * strength;
    if (pushed !== 0) found.set(token, pushed);
  }
  return found;
}
