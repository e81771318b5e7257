import { Grammar } from '../../engine/grammar.ts';
import { takenBack } from '../../engine/native.ts';
import type { ReplyText } from '../../engine/reply-text.ts';
import type { Sampling } from '../../engine/sampling.ts';
import { type Generated, type GenerateOptions, Session, type Stop } from '../../engine/session.ts';
import { Utf8Stream } from '../../engine/text.ts';
import type { Steering } from '../steering.ts';
import type { Contrast } from './contrast.ts';
import { addTo } from './logits.ts';

export interface DrawOptions extends Omit<GenerateOptions, 'bias' | 'against'> {
  readonly steering: Steering;
  readonly contrast?: Contrast | undefined;
}

/**
 * A reply to `prompt` under a steering, token by token: the one place where what levers push meets what a session draws.
 *
 * @throws {DramatisError} What `Session.generate` throws; `signal.reason` when aborted.
 */
export async function* draw(
  session: Session,
  prompt: Int32Array,
  options: DrawOptions,
): AsyncGenerator<Generated, Stop, undefined> {
  using drawing = await Drawing.begin(session, prompt, options);
  while (drawing.stop === undefined) {
    options.signal?.throwIfAborted();
    const start = performance.now();
    const [token] = await Session.drawEach([session], options.signal);
    if (drawing.isContrasted) options.contrast?.charge(performance.now() - start);
    yield* await drawing.take(token!);
  }
  return drawing.stop;
}

/** One reply being drawn, by itself or in step with others of the same cache. While it is, the session has its control vector. */
export class Drawing implements Disposable {
  readonly #session: Session;
  readonly #options: DrawOptions;
  readonly #reply: ReplyText;
  readonly #worn: Disposable;
  /** Tokens that were told of; a few more are drawn where they may yet be taken back. */
  #told = 0;
  readonly #drawn: number[] = [];
  readonly #raw = new Utf8Stream();
  #text = '';
  #bias: ReadonlyMap<number, number>;
  #spent: readonly number[] = [];
  #spentOnControl: number;

  private constructor(session: Session, options: DrawOptions, reply: ReplyText, worn: Disposable) {
    this.#worn = worn;
    this.#session = session;
    this.#options = options;
    this.#reply = reply;
    this.#bias = options.steering.bias;
    this.#spentOnControl = session.controlMs();
  }

  /** Reads the prompt and makes ready to draw what comes after it. */
  static async begin(session: Session, prompt: Int32Array, options: DrawOptions): Promise<Drawing> {
    const { steering, contrast, ...generating } = options;
    const worn = wearControl(session, prompt, steering);
    try {
      const reply = await session.begin(prompt, {
        ...generating,
        sampling: steered(options.sampling, steering),
        bias: steering.bias,
        ...(contrast?.sharesCacheWith(session) && { against: contrast.against }),
      });
      const drawing = new Drawing(session, options, reply, worn);
      await drawing.#push(steering.bias);
      return drawing;
    } catch (error) {
      worn[Symbol.dispose]();
      throw error;
    }
  }

  /** Takes the control vector off. Idempotent. */
  [Symbol.dispose](): void {
    this.#worn[Symbol.dispose]();
  }

  /** Whether the base reads along in the same steps. */
  get isContrasted(): boolean {
    return this.#options.contrast?.sharesCacheWith(this.#session) ?? false;
  }

  get stop(): Stop | undefined {
    return this.#reply.stop;
  }

  /** What a drawn token adds to the reply; makes ready what the next one depends on. */
  async take(token: number): Promise<readonly Generated[]> {
    const { steering } = this.#options;
    const found = [...this.#reply.take(token)];
    for (const { token: told } of found) {
      if (told === undefined) continue;
      this.#told++;
      this.#text += this.#raw.push(this.#session.model.piece(told));
      this.#charge();
    }
    if (token >= 0) this.#drawn.push(token);
    if (token <= takenBack) this.#drawn.length -= takenBack + 1 - token;
    if (this.stop === undefined)
      await this.#push(found.length > 0 ? steering.after(this.#text, this.#told) : undefined);
    return found;
  }

  /** The bias of the next token; undefined leaves it as it is. */
  async #push(next: ReadonlyMap<number, number> | undefined): Promise<void> {
    const { contrast, signal } = this.#options;
    const isNew = next !== undefined && next !== this.#bias;
    this.#bias = next ?? this.#bias;
    if (!contrast || this.isContrasted) {
      if (isNew) this.#session.bias(this.#bias);
      return;
    }
    const own = await this.#session.logits();
    const added = own && (await contrast.after(own, this.#drawn, signal));
    if (!added) return;
    addTo(added, this.#bias);
    this.#session.biasAll(added);
  }

  /** Tells the steering what its grammars and its control vector took since the last token. */
  #charge(): void {
    const { steering } = this.#options;
    const count = steering.grammars?.length ?? 0;
    if (!steering.charge || (count === 0 && !steering.control)) return;
    const now = [...this.#session.grammarMs()].slice(0, count);
    const control = steering.control ? this.#session.controlMs() : 0;
    steering.charge(
      now.map((ms, i) => ms - (this.#spent[i] ?? 0)),
      control - this.#spentOnControl,
    );
    this.#spent = now;
    this.#spentOnControl = control;
  }
}

/** Acts from the token that the reply's first one is drawn after, until it is disposed of. */
export function wearControl(
  session: Session,
  prompt: Int32Array,
  { control }: Steering,
): Disposable {
  session.control = control ? { ...control, from: prompt.length - 1 } : null;
  return {
    [Symbol.dispose]() {
      session.control = null;
    },
  };
}

/** What the steering's grammars allow comes first, so that what they cost can be told from what was asked for besides. */
function steered(
  asked: Partial<Sampling> = {},
  { grammars = [], strength = 1 }: Steering,
): Partial<Sampling> {
  const { grammar = '' } = asked;
  const own = typeof grammar === 'string' || grammar instanceof Grammar ? [grammar] : grammar;
  return { strength, ...asked, grammar: [...grammars, ...own] };
}
