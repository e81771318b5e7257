import type { Adapter } from '../engine/adapter.ts';
import type { Sampling } from '../engine/sampling.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import type { CastMember, Play } from '../play/play.ts';
import { leversAside } from './draw/levers-aside.ts';
import type { SpelledModel } from './grammar/vocabulary-texts.ts';
import { type LeverName, leverDescriptions } from './lever-descriptions.ts';
import { defaultAlpha, defaultControl, leverNames, type Strengths } from './lever-names.ts';
import {
  type ControlledModel,
  type ControlOptions,
  controlVectorOf,
} from './levers/control-vector.ts';
import { presetOf } from './levers/preset.ts';
import { makePush } from './make-push.ts';
import { addBiases, isPush, MeteredPush, type PushName, pushesText, scaleBias } from './push.ts';
import {
  defaultReflection,
  type LeverCost,
  longestReply,
  type ReflectionPlan,
  type Steering,
} from './steering.ts';

export interface SteeringLeversOptions extends Strengths {
  readonly model: SpelledModel & ControlledModel;
  /** What the character may be judged by: the train scenes. Called when a lever needs it. */
  readonly shown: () => Play;
  readonly character: CastMember;
  readonly on: readonly LeverName[];
  /** Where control vectors are kept, and what follows the making of one. */
  readonly making?: ControlOptions | undefined;
  readonly reflection?: ReflectionPlan | undefined;
  /** Cast names on stage beside the character. */
  readonly onStage?: readonly string[] | undefined;
}

/**
 * The levers of a character, each of which can be turned on and off between two replies. A lever is one of three things:
 *
 * - a weighted grammar (lexicon, ban, verse, brackets, length, tags): a session draws what all of those that are on allow,
 *   by the product of their weights to the power of λ. The model keeps what it has compiled, so that turning a lever
 *   compiles that one alone. Verse is computed from the words so far: its grammar would be too slow;
 * - a number or a few (preset, contrast, reflection);
 * - a vector (control), which is added to the model's hidden states.
 */
export class SteeringLevers implements Steering {
  /** λ, α and the gain of the control vector may be changed between replies. */
  strength: number;
  alpha: number;
  controlGain: number;
  readonly #options: SteeringLeversOptions;
  readonly #on = new Set<LeverName>();
  /** Each push that was ever turned on. */
  readonly #pushes = new Map<PushName, MeteredPush>();
  #preset: Partial<Sampling> | undefined;
  #control: Adapter | undefined;
  /** What steps aside for the grammars that replies are asked to match. */
  #aside: readonly PushName[] = [];
  #askedLast = '';
  readonly #controlCost = { ms: 0, count: 0 };
  readonly #echoCost = { ms: 0, count: 0 };

  private constructor(options: SteeringLeversOptions) {
    this.#options = options;
    this.strength = options.strength ?? 1;
    this.alpha = options.alpha ?? defaultAlpha;
    this.controlGain = options.controlGain ?? defaultControl;
  }

  static async open(options: SteeringLeversOptions): Promise<SteeringLevers> {
    const levers = new SteeringLevers(options);
    for (const name of options.on) await levers.turn(name, true);
    return levers;
  }

  isOn(name: LeverName): boolean {
    return this.#on.has(name);
  }

  /** In the order they are shown in. */
  get on(): readonly LeverName[] {
    return leverNames.filter((name) => this.#on.has(name));
  }

  /** Takes effect on the next reply. Making a lever for the first time takes up to 0.3 s; a control vector, seconds. */
  async turn(name: LeverName, isOn: boolean): Promise<void> {
    if (isOn) await this.#make(name);
    this.#on[isOn ? 'add' : 'delete'](name);
  }

  /** Makes what a lever needs, unless it is there. */
  async #make(name: LeverName): Promise<void> {
    const { model, shown, character, onStage, making } = this.#options;
    if (name === 'preset') this.#preset ??= presetOf(shown(), character).sampling;
    if (name === 'control')
      this.#control ??= await controlVectorOf(model, shown(), character, making);
    if (!isPush(name) || this.#pushes.has(name)) return;
    const push = await makePush(name, { model, play: shown(), character, onStage });
    this.#pushes.set(name, new MeteredPush(push));
  }

  /** The pushes that act. */
  get #pushing(): MeteredPush[] {
    return this.#acting.map((name) => this.#pushes.get(name)!);
  }

  /** Names of the pushes that are on and have not stepped aside. */
  get #acting(): PushName[] {
    return this.on.filter(isPush).filter((name) => !this.#aside.includes(name));
  }

  standBeside(asked: readonly string[]): void {
    const all = asked.join('\0');
    if (all === this.#askedLast) return;
    this.#askedLast = all;
    this.#aside = leversAside(asked);
  }

  /** The pushes that are on and have a grammar, in the order of `grammars`. */
  get #grammatical(): MeteredPush[] {
    return this.#pushing.filter(({ push }) => push.grammar !== '');
  }

  get grammars(): readonly string[] {
    return this.#grammatical.map(({ push }) => push.grammar);
  }

  get grammarLevers(): readonly string[] {
    return this.#acting.filter((name) => this.#pushes.get(name)!.push.grammar !== '');
  }

  get bias(): ReadonlyMap<number, number> {
    return this.#biasAfter('');
  }

  after(textSoFar: string): ReadonlyMap<number, number> | undefined {
    return this.#pushing.some(({ push }) => push.after) ? this.#biasAfter(textSoFar) : undefined;
  }

  #biasAfter(text: string): ReadonlyMap<number, number> {
    const biases = this.#pushing.flatMap((metered) => metered.after(text));
    return scaleBias(addBiases(biases), this.strength);
  }

  get stop(): readonly string[] {
    return [...new Set(this.#pushing.flatMap(({ push }) => push.stop ?? []))];
  }

  get maxTokens(): number {
    return Math.min(longestReply, ...this.#pushing.flatMap(({ push }) => push.maxTokens ?? []));
  }

  get sampling(): Partial<Sampling> | undefined {
    return this.#on.has('preset') ? this.#preset : undefined;
  }

  get pushesFacts(): boolean {
    return this.#on.has('facts');
  }

  get forbidsEchoes(): boolean {
    return this.#on.has('echo');
  }

  get hidesUnknown(): boolean {
    return this.#on.has('unknown');
  }

  get contrast(): number | undefined {
    return this.#on.has('contrast') ? this.alpha : undefined;
  }

  get control(): ActiveAdapter | undefined {
    if (!this.#on.has('control') || !this.#control) return undefined;
    return { adapter: this.#control, scale: this.controlGain };
  }

  get reflection(): ReflectionPlan | undefined {
    return this.#on.has('reflection') ? (this.#options.reflection ?? defaultReflection) : undefined;
  }

  charge(grammars: readonly number[], control: number, ofReply: number): void {
    for (const [i, metered] of this.#grammatical.entries()) metered.charge(grammars[i] ?? 0);
    const spend = (name: LeverName, cost: { ms: number; count: number }, ms: number): void => {
      if (!this.#on.has(name)) return;
      cost.ms += ms;
      cost.count++;
    };
    spend('control', this.#controlCost, control);
    // A reply that is asked to match a grammar has that one, and none against echoes.
    if (this.#askedLast === '') spend('echo', this.#echoCost, ofReply);
  }

  costs(): readonly LeverCost[] {
    const own = { control: this.#controlCost, echo: this.#echoCost };
    const pushes = this.on.filter(isPush).map((lever) => this.#pushes.get(lever)!.cost(lever));
    const others = (['echo', 'control'] as const).filter((lever) => this.#on.has(lever));
    return [...pushes, ...others.map((lever) => ({ lever, ...own[lever], per: 'token' as const }))];
  }

  /** The pushes that are on as weighted grammars, to be read, changed and given back with `--grammar`. */
  recipe(): string {
    const pushes = this.#pushing.map(({ push }) => push);
    return pushesText(this.#options.character.name, pushes);
  }

  explain(): readonly string[] {
    return this.on.map((name) => `${name}: ${this.#about(name)}`);
  }

  #about(name: LeverName): string {
    if (isPush(name)) return this.#pushes.get(name)!.push.about;
    if (name === 'contrast') return `base + ${this.alpha} · (character − base)`;
    if (name === 'control')
      return `${this.controlGain} times from the others’ lines towards ${this.#options.character.name}’s`;
    if (name === 'facts' || name === 'unknown' || name === 'echo') return leverDescriptions[name];
    if (name === 'preset') return JSON.stringify(this.#preset);
    const { drafts, retries } = this.reflection ?? defaultReflection;
    return `${drafts} drafts, ${retries} more round${retries === 1 ? '' : 's'} if none will do`;
  }
}
