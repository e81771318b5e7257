import { Grammar } from '../../engine/grammar.ts';
import type { Sampling } from '../../engine/sampling.ts';
import type {
  DrawHook,
  DrawOptions,
  DrawPart,
  DrawStep,
} from '../../engine/session/draw-together.ts';
import type { Session } from '../../engine/session/session.ts';
import { tokensTakenBack } from '../../engine/session/tokens-taken-back.ts';
import { Utf8Stream } from '../../engine/text.ts';
import { addBiases } from '../push.ts';
import type { Steering } from '../steering.ts';
import type { Contrast } from './contrast.ts';
import type { FactPush } from './fact-push.ts';
import { addTo } from './logits.ts';

export interface SteeredOptions extends Omit<DrawOptions, 'bias' | 'against' | 'control'> {
  readonly steering: Steering;
  readonly contrast?: Contrast | undefined;
  /** Pushes the words of what is remembered, in this reply alone. */
  readonly fact?: FactPush | undefined;
  /** Token → nats, for every token of the reply, besides what the steering adds; −Infinity bans it. */
  readonly added?: ReadonlyMap<number, number> | undefined;
  /** Token → nats, for the first token of the reply alone. */
  readonly opening?: ReadonlyMap<number, number> | undefined;
}

/** A part of `drawTogether` whose reply is drawn under a steering: where what levers push meets what a session draws. */
export function steered(session: Session, prompt: Int32Array, options: SteeredOptions): DrawPart {
  const { steering, contrast, fact, opening, added = new Map(), ...drawing } = options;
  return {
    session,
    prompt,
    options: {
      ...drawing,
      sampling: samplingUnder(options.sampling, steering),
      bias: addBiases([withFact(steering.bias, fact), opening ?? new Map(), added]),
      control: steering.control,
      against: contrast?.isOfCache(session.cache) ? contrast.against : undefined,
    },
    hook: new SteeringHook(session, steering, { contrast, fact, opening, added }),
  };
}

const withFact = (
  bias: ReadonlyMap<number, number>,
  fact: FactPush | undefined,
): ReadonlyMap<number, number> => (fact ? addBiases([bias, fact.bias]) : bias);

/** Pushes what a steering pushes after each token of one reply, and charges it for what that costs. */
class SteeringHook implements DrawHook {
  readonly #session: Session;
  readonly #steering: Steering;
  readonly #contrast: Contrast | undefined;
  readonly #fact: FactPush | undefined;
  readonly #opening: SteeredOptions['opening'];
  readonly #added: ReadonlyMap<number, number>;
  /** Whether the base reads along in the session's own steps. */
  readonly #isBaseBeside: boolean;
  /** Tokens of the reply so far; a few more are drawn where they may yet be taken back. */
  #count = 0;
  readonly #drawn: number[] = [];
  readonly #raw = new Utf8Stream();
  #text = '';
  /** The steering's own, without the fact's. */
  #bias: ReadonlyMap<number, number>;
  #grammarMs: readonly number[] = [];
  #controlMs = 0;

  constructor(
    session: Session,
    steering: Steering,
    {
      contrast,
      fact,
      opening,
      added = new Map(),
    }: Pick<SteeredOptions, 'contrast' | 'fact' | 'opening' | 'added'>,
  ) {
    this.#session = session;
    this.#steering = steering;
    this.#contrast = contrast;
    this.#fact = fact;
    this.#opening = opening;
    this.#added = added;
    this.#isBaseBeside = contrast?.isOfCache(session.cache) ?? false;
    this.#bias = steering.bias;
  }

  async begin(signal: AbortSignal | undefined): Promise<void> {
    this.#controlMs = this.#session.controlMs();
    await this.#push(undefined, signal);
  }

  async after(step: DrawStep, signal: AbortSignal | undefined): Promise<void> {
    const { token, pieces, ms, isOver } = step;
    if (this.#isBaseBeside) this.#contrast?.charge(ms);
    for (const piece of pieces) {
      if (piece.token === undefined) continue;
      this.#count++;
      this.#text += this.#raw.push(this.#session.model.piece(piece.token));
      this.#charge();
    }
    this.#take(token);
    if (isOver) return;
    const next = pieces.length > 0 ? this.#steering.after(this.#text, this.#count) : undefined;
    await this.#push(next, signal);
  }

  /** Keeps what is drawn, and what of the fact is yet to be said. */
  #take(token: number): void {
    if (token >= 0) {
      this.#drawn.push(token);
      this.#fact?.say(token);
    }
    for (let left = tokensTakenBack(token); left > 0; left--) {
      const last = this.#drawn.pop();
      if (last !== undefined) this.#fact?.takeBack(last);
    }
  }

  /** Sets the bias of the next token; undefined leaves it as it is. */
  async #push(
    next: ReadonlyMap<number, number> | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const isOwn = this.#fact !== undefined || this.#opening !== undefined;
    const isNew = isOwn || (next !== undefined && next !== this.#bias);
    this.#bias = next ?? this.#bias;
    const isFirst = this.#drawn.length === 0;
    const steered = withFact(this.#bias, this.#fact);
    const own = this.#added.size > 0 ? addBiases([steered, this.#added]) : steered;
    const bias = isFirst && this.#opening ? addBiases([own, this.#opening]) : own;
    if (!this.#contrast || this.#isBaseBeside) {
      if (isNew) this.#session.bias(bias);
      return;
    }
    const logits = await this.#session.logits();
    const added = logits && (await this.#contrast.after(logits, this.#drawn, signal));
    if (!added) return;
    addTo(added, bias);
    this.#session.biasAll(added);
  }

  /** Charges the steering for what its grammars and its control vector took since the last token. */
  #charge(): void {
    const steering = this.#steering;
    const { grammars = [], control } = steering;
    if (!steering.charge || (grammars.length === 0 && !control && !steering.forbidsEchoes)) return;
    const grammarMs = [...this.#session.grammarMs()];
    const controlMs = control ? this.#session.controlMs() : 0;
    const spent = grammarMs.map((ms, i) => ms - (this.#grammarMs[i] ?? 0));
    const own = spent.slice(0, grammars.length);
    const ofReply = spent.slice(grammars.length).reduce((sum, ms) => sum + ms, 0);
    steering.charge(own, controlMs - this.#controlMs, ofReply);
    this.#grammarMs = grammarMs;
    this.#controlMs = controlMs;
  }
}

/** Puts the steering's grammars before those asked for besides: position says whose cost is whose. */
function samplingUnder(
  asked: Partial<Sampling> = {},
  { grammars = [], strength = 1 }: Steering,
): Partial<Sampling> {
  const { grammar = '' } = asked;
  const own = typeof grammar === 'string' || grammar instanceof Grammar ? [grammar] : grammar;
  return { strength, ...asked, grammar: [...grammars, ...own] };
}
