import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Conversation } from '#dramatis/actor/conversation.js';
import { Dialogue } from '#dramatis/actor/dialogue.js';
import type { Reply } from '#dramatis/actor/reply.js';
import { requirePlace } from '#dramatis/play/place.js';
import type { LeverCost } from '#dramatis/steer/steering.js';
import type { Dramatis } from '#dramatis/workspace/dramatis.js';
import type { OpenedActor } from '#dramatis/workspace/opened-actor.js';
import { results } from '../record.ts';
import { type Ask, asksHash } from './talk-asks.ts';

/** One answer, as it was shown. */
export interface Answered {
  readonly text: string;
  readonly stop: Reply['stop'];
  /** What was recalled for it. */
  readonly recalled: readonly string[];
  /** False if the gate of not knowing let nothing through. */
  readonly isKnown?: boolean | undefined;
  readonly tokens: number;
}

/** The answers of one conversation, one to each line. */
export interface AnsweredAsk {
  readonly id: string;
  /** The last commit of the sources that answered. */
  readonly commit: string;
  readonly replies: readonly Answered[];
}

/** Answers of one model to everything that the bench asks, with what they were made from. */
export interface Answers {
  readonly seconds: number;
  readonly of: ReadonlyMap<string, AnsweredAsk>;
  /** Microseconds a token that each lever took. */
  readonly levers: Readonly<Record<string, number>>;
}

interface Head {
  readonly format: 'dramatis-talk-answers';
  readonly version: 1;
  readonly model: string;
  readonly asks: string;
}

type Line = Head | AnsweredAsk | { readonly slice: number; readonly levers: Answers['levers'] };

export interface AnswersRequest {
  readonly dramatis: Dramatis;
  readonly model: string;
  readonly asks: readonly Ask[];
  /** How long may be answered; what is there then is gone on with by the next run. */
  readonly seconds: number;
  /** Whether only what is there is read. */
  readonly isRead: boolean;
  /** Whether what other sources answered is kept. */
  readonly isKept: boolean;
  /** Parts that are answered now; all unless given. */
  readonly parts?: readonly string[] | undefined;
}

/**
 * The answers of a model as a chat gives them when nothing is asked for: those kept in bench/results, as long as the
 * sources and the questions are the same, and the others answered now and kept.
 *
 * @returns Undefined if not all is answered yet, unless it is only read.
 */
export async function answersOf(request: AnswersRequest): Promise<Answers | undefined> {
  const { model, asks, isRead, isKept, parts } = request;
  const file = new URL(`talk-answers-${model}.jsonl`, results);
  const commit = commitOfSources();
  const head: Head = {
    ...({ format: 'dramatis-talk-answers', version: 1 } as const),
    ...{ model, asks: asksHash(asks) },
  };
  if (read(file)?.head.asks !== head.asks) writeFileSync(file, `${JSON.stringify(head)}\n`);
  const there = read(file)!.answers.of;
  const isDone = ({ id }: Ask): boolean =>
    isKept || isRead ? there.has(id) : there.get(id)?.commit === commit;
  const wanted = asks.filter(({ part }) => parts?.includes(part) ?? true);
  const left = wanted.filter((ask) => !isDone(ask));
  if (left.length > 0 && !isRead)
    await answer({ ...request, asks: left }, commit, (line) =>
      appendFileSync(file, `${JSON.stringify(line)}\n`),
    );
  const { answers } = read(file)!;
  return isRead || asks.every(({ id }) => answers.of.has(id)) ? answers : undefined;
}

function read(file: URL): { readonly head: Head; readonly answers: Answers } | undefined {
  if (!existsSync(file)) return undefined;
  const [first, ...rest] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  const head = first as Head;
  const slices = rest.filter((line) => 'slice' in line);
  const of = new Map(rest.filter((line) => 'id' in line).map((line) => [line.id, line]));
  const seconds = slices.reduce((sum, { slice }) => sum + slice, 0);
  return {
    head,
    answers: { seconds, of, levers: slices.at(-1)?.levers ?? {} },
  };
}

/** Answers as much as there is time for. */
async function answer(
  { dramatis, model, asks, seconds }: AnswersRequest,
  commit: string,
  keep: (line: Line) => void,
): Promise<void> {
  const start = performance.now();
  const spent = (): number => (performance.now() - start) / 1000;
  const levers = new LeverTimes();
  let opened: OpenedActor | undefined;
  let whose = '';
  let number = 0;
  try {
    for (const ask of asks) {
      if (spent() > seconds) break;
      const who = `${ask.play} ${ask.character}`;
      if (!opened || who !== whose) {
        opened?.[Symbol.dispose]();
        opened = await dramatis.actor(ask.character, { play: ask.play, model, adapter: 'none' });
        whose = who;
      }
      keep({ id: ask.id, commit, replies: await talk(opened, ask, levers) });
      number++;
    }
  } finally {
    opened?.[Symbol.dispose]();
    keep({ slice: Math.round(spent()), levers: levers.perToken() });
  }
  console.error(`${model}: ${number} of ${asks.length} conversations in ${Math.round(spent())} s`);
}

/** One conversation, from its first line to its last. */
async function talk(opened: OpenedActor, ask: Ask, levers: LeverTimes): Promise<Answered[]> {
  const { actor } = opened;
  actor.at = ask.at === undefined ? undefined : requirePlace(actor.play, ask.at);
  await opened.levers.turn('unknown', ask.hidesUnknown ?? false);
  const conversation = Conversation.unrecorded();
  const dialogue = new Dialogue({ actor, conversation, seed: ask.seed });
  const replies: Answered[] = [];
  for (const line of ask.lines) {
    for await (const event of dialogue.say(line)) {
      if (event.kind !== 'done') continue;
      const { reply, stop, recalled, knowing, tokens, costs } = event;
      levers.add(costs);
      replies.push({
        ...{ text: reply, stop, tokens, recalled: recalled.map(({ text }) => text) },
        ...(knowing && { isKnown: knowing.isKnown }),
      });
    }
  }
  return replies;
}

/** What the levers took of all answers of a run. */
class LeverTimes {
  readonly #spent = new Map<string, { ms: number; count: number }>();

  add(costs: readonly LeverCost[]): void {
    for (const { lever, ms, count, per } of costs) {
      if (per !== 'token') continue;
      const sum = this.#spent.get(lever) ?? { ms: 0, count: 0 };
      this.#spent.set(lever, { ms: sum.ms + ms, count: sum.count + count });
    }
  }

  /** In microseconds. */
  perToken(): Readonly<Record<string, number>> {
    const spent = [...this.#spent];
    return Object.fromEntries(
      spent.map(([lever, { ms, count }]) => [lever, Number(((1000 * ms) / count).toPrecision(3))]),
    );
  }
}

/** The last commit that changed what answers, with a sign for changes that are not committed. */
function commitOfSources(): string {
  const sources = ['src', 'native', 'data', 'models'];
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', ...sources) !== '';
  return git('log', '-1', '--format=%h', '--', ...sources) + (changed ? '+' : '');
}
