import { type AnswersNews, answerTogether } from '../../actor/answer-together.ts';
import { freshSeed } from '../../engine/sampling.ts';
import { type SceneLine, VISITOR } from '../../prompt/prompt.ts';
import type { SpeakerName } from '../../workspace/speaker-names.ts';
import type { ClientStream } from '../client-stream.ts';
import { failureOf } from '../failure.ts';
import { countedAnswers } from '../openai/send-answers.ts';
import type { Served } from '../served.ts';
import { demoLimits } from './demo-limits.ts';
import type { DemoSession, DemoSessions } from './demo-sessions.ts';
import type { Place } from './line.ts';

/** A turn that a visitor has asked for and that was let in. */
export interface DemoTurn {
  readonly served: Served;
  readonly sessions: DemoSessions;
  readonly session: DemoSession;
  readonly speaker: SpeakerName;
  readonly text: string;
  readonly place: Place;
  /** Milliseconds in which the answer must have been spoken, once it has begun. */
  readonly turnMs: number;
  /** Whether what the character witnessed is recalled; it is unless given. */
  readonly memory?: boolean | undefined;
  /** Called with what went wrong through a fault of the server's own. */
  readonly fault?: ((error: unknown) => void) | undefined;
}

/**
 * Writes what comes of a turn, a line of JSON each: how many are before it, the answer as it is spoken, and how it ended. What
 * was said is kept when it is whole, or when its time is over; of a visitor who leaves nothing is.
 */
export async function sendTurn(turn: DemoTurn, stream: ClientStream): Promise<void> {
  const { served, place } = turn;
  const left = AbortSignal.any([stream.signal, served.stopping.signal]);
  const write = (news: object): Promise<boolean> => stream.write(`${JSON.stringify(news)}\n`);
  try {
    await write({ kind: 'waiting', ahead: place.ahead });
    while (place.ahead > 0) {
      await place.moved(left);
      await write({ kind: 'waiting', ahead: place.ahead });
    }
    await speak(turn, left, write);
  } catch (error) {
    if (stream.signal.aborted) return;
    const { status, body } = failureOf(error);
    if (status === 500) turn.fault?.(error);
    await write({ kind: 'failed', message: body.error.message });
  }
  stream.end();
}

async function speak(
  { served, sessions, session, speaker, text, turnMs, memory }: DemoTurn,
  left: AbortSignal,
  write: (news: object) => Promise<boolean>,
): Promise<void> {
  const late = AbortSignal.timeout(turnMs);
  const signal = AbortSignal.any([left, late]);
  let said = '';
  let stop: string = 'time';
  try {
    const speakers = await served.speakers();
    using lease = await speakers.lease({ name: speaker, memory, signal });
    const { actor } = lease.actor!;
    const turns = linesOf(session, speaker, text);
    const { tokens } = demoLimits;
    const maxTokens = Math.min(tokens, actor.steering.maxTokens);
    const answers = answerTogether(actor, { turns }, { seeds: [freshSeed()], maxTokens, signal });
    for await (const news of countedAnswers(served, answers)) {
      said += textOf(news);
      if (news.kind === 'text' && news.text !== '') await write({ kind: 'text', text: news.text });
      if (news.kind === 'done') stop = news.stop;
    }
  } catch (error) {
    if (!late.aborted || left.aborted) throw error;
  }
  const lines = [{ by: 'visitor', text } as const, { by: 'character', text: said.trim() } as const];
  const kept = sessions.say(session, ...lines.filter((line) => line.text !== ''));
  await write({ kind: 'done', conversation: kept.id, stop });
}

const textOf = (news: AnswersNews): string => (news.kind === 'text' ? news.text : '');

function linesOf(session: DemoSession, { character }: SpeakerName, text: string): SceneLine[] {
  const before = session.lines.map((line) => ({
    speaker: line.by === 'visitor' ? VISITOR : character,
    text: line.text,
  }));
  return [...before, { speaker: VISITOR, text }];
}
