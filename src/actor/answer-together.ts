import type { Sampling } from '../engine/sampling.ts';
import { type DrawPart, drawTogether } from '../engine/session/draw-together.ts';
import type { Stop } from '../engine/session/reply-text.ts';
import type { Session } from '../engine/session/session.ts';
import { OddsHook, type TokenOdds } from '../engine/session/token-odds.ts';
import type { Recalled } from '../memory/recalled.ts';
import type { SceneLine } from '../prompt/prompt.ts';
import { steered } from '../steer/draw/steered.ts';
import type { Actor } from './actor.ts';
import { SpokenText } from './spoken-text.ts';

/** How answers are drawn. */
export interface AnswersOptions {
  /** One for each answer: they are drawn together, on forks of one timeline. */
  readonly seeds: readonly number[];
  readonly maxTokens: number;
  readonly sampling?: Partial<Sampling> | undefined;
  /** Texts that end an answer and are not part of it. */
  readonly stop?: readonly string[] | undefined;
  /** Token → nats; −Infinity bans it. */
  readonly bias?: ReadonlyMap<number, number> | undefined;
  /** Likeliest tokens that are told beside each token drawn; undefined: no odds are told. */
  readonly odds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What comes of answers: `read` once, then `text` of any of them, `done` once for each. */
export type AnswersNews =
  | {
      readonly kind: 'read';
      readonly promptTokens: number;
      readonly reusedTokens: number;
      readonly recalled: readonly Recalled[];
    }
  | {
      readonly kind: 'text';
      readonly part: number;
      readonly text: string;
      /** Odds of the tokens that the text was made of since the last piece. */
      readonly odds: readonly TokenOdds[];
    }
  | { readonly kind: 'done'; readonly part: number; readonly tokens: number; readonly stop: Stop };

/** How the next words are to be said. */
export interface AnswerContext {
  readonly turns: readonly SceneLine[];
  /** Such as "To Ophelia". */
  readonly manner?: string | undefined;
}

/**
 * Several answers of a character to the same words, drawn together; each is the one that its seed gives.
 *
 * @throws {DramatisError} What `Actor.reply` throws; MEMORY_SHORT where the cache has no room for the forks.
 */
export async function* answerTogether(
  actor: Actor,
  { turns, manner }: AnswerContext,
  options: AnswersOptions,
): AsyncGenerator<AnswersNews> {
  const { seeds, maxTokens, sampling, stop = [], bias, signal } = options;
  const { voice } = actor;
  const room = Math.min(maxTokens, Math.floor(actor.window / 2));
  const asked = { turns, at: actor.at, isAsked: true, manner };
  const bare = voice.render(asked, room); // what does not fit is refused before anything is read
  const { items, knowing } = await actor.recall(asked, bare, signal);
  const prompt = voice.render({ ...asked, recalled: items, knowing }, room);
  const reusedTokens = await actor.read(prompt, signal);
  yield { kind: 'read', promptTokens: prompt.tokens.length, reusedTokens, recalled: items };
  const said = turns.filter((line) => line.speaker !== undefined);
  const forks = await forksOf(voice.session, seeds.length - 1);
  try {
    const parts = [];
    for (const [i, seed] of seeds.entries()) {
      const drawing = { seed, sampling, maxTokens, history: actor.history(said) };
      const part = await voice.part(prompt, drawing);
      const { names, ...drawn } = part.options;
      const session = forks[i - 1] ?? part.session;
      const ending = { stop: [...(drawn.stop ?? []), ...stop], added: bias };
      const shown = new SpokenText(names);
      parts.push({ part: steered(session, part.prompt, { ...drawn, ...ending }), shown });
    }
    yield* drawn(parts, options);
  } finally {
    for (const fork of forks) fork[Symbol.dispose]();
  }
}

/** Several texts that go on from a prompt, with nobody's voice. */
export async function* goOnTogether(
  session: Session,
  prompt: Int32Array,
  options: AnswersOptions,
): AsyncGenerator<AnswersNews> {
  const { seeds, maxTokens, sampling, stop, bias, signal } = options;
  const head = prompt.subarray(0, -1);
  const reusedTokens = head.length > 0 ? (await session.prefill(head, signal)).reused : 0;
  yield { kind: 'read', promptTokens: prompt.length, reusedTokens, recalled: [] };
  const forks = await forksOf(session, seeds.length - 1);
  try {
    const parts = seeds.map((seed, i) => ({
      part: {
        session: forks[i - 1] ?? session,
        prompt,
        options: { maxTokens, stop, bias, sampling: { ...sampling, seed } },
      },
    }));
    yield* drawn(parts, options);
  } finally {
    for (const fork of forks) fork[Symbol.dispose]();
  }
}

async function forksOf(session: Session, count: number): Promise<readonly Session[]> {
  const forks: Session[] = [];
  try {
    for (let i = 0; i < count; i++) forks.push(await session.fork());
    return forks;
  } catch (error) {
    for (const fork of forks) fork[Symbol.dispose]();
    throw error;
  }
}

interface Part {
  readonly part: DrawPart;
  /** Lets through what may be shown; all of it if it is left out. */
  readonly shown?: SpokenText | undefined;
}

async function* drawn(
  parts: readonly Part[],
  { odds, signal }: AnswersOptions,
): AsyncGenerator<AnswersNews> {
  const hooks = parts.map(({ part }) =>
    odds === undefined ? undefined : new OddsHook(part.session, odds, part.hook),
  );
  const drawing = parts.map(({ part }, i) => ({ ...part, hook: hooks[i] ?? part.hook }));
  const counts = parts.map(() => 0);
  const held: TokenOdds[][] = parts.map(() => []);
  for await (const { part, token, text, stop } of drawTogether(drawing, signal)) {
    const { shown } = parts[part]!;
    if (token !== undefined) {
      counts[part]!++;
      const found = hooks[part]?.take();
      if (found) held[part]!.push(found);
    }
    let now = shown ? shown.push(text) : text;
    if (stop !== undefined) now += shown?.end() ?? '';
    if (now !== '') yield { kind: 'text', part, text: now, odds: held[part]!.splice(0) };
    if (stop !== undefined) yield { kind: 'done', part, tokens: counts[part]!, stop };
  }
}
