import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Conversation } from '../actor/conversation.ts';
import type { ConversationStart, SpokenTurn } from '../actor/conversation-record.ts';
import { VISITOR } from '../prompt/prompt.ts';
import type { OpenEvent, Recorded, StageEvent, TurnEvent } from './events.ts';
import type { TranscriptReader } from './transcript.ts';

/**
 * A conversation of `dramatis chat` as the events of a scene between the character and the visitor, which every reader of
 * scenes takes. Only the turns that count are in it. The journal of a conversation has no time for each turn, so all have
 * the time of the last.
 *
 * @returns Undefined if it does not say whom it is with.
 */
export function talkRecords(conversation: Conversation): readonly Recorded[] | undefined {
  const { start, turns, times } = conversation;
  if (!start) return undefined;
  const events: StageEvent[] = [
    opening(start, basename(conversation.path, '.jsonl').slice(-6)),
    { kind: 'enter', who: [start.character, VISITOR], by: 'situation' },
    ...turns.map((turn) => turnEvent(turn, start.character)),
  ];
  return events.map((event, i): Recorded => {
    const time = i === 0 ? times.begun : times.last;
    return { n: i + 1, time, ...event };
  });
}

function opening(start: ConversationStart, id: string): OpenEvent {
  const { play, playHash, character, model, adapter, at, seed, steer } = start;
  return {
    ...{
      kind: 'open',
      format: 'dramatis.stage',
      version: 1,
      id,
      program: start.version,
      isTalk: true,
    },
    play: { id: play, title: play, hash: playHash },
    ...(at !== undefined && { at }),
    ...{ seed, model: { name: model, hash: '' }, engine: {}, form: start.form },
    template: start.prompt ?? '',
    cast: [
      { name: character, playedBy: 'model', ...(adapter !== undefined && { adapters: [adapter] }) },
      { name: VISITOR, playedBy: 'human' },
    ],
    steer: typeof steer === 'boolean' ? [] : steer,
    director: { policy: 'human', isAddressing: false },
    ...{ thresholds: {}, limits: {} },
  };
}

function turnEvent(turn: SpokenTurn, character: string): TurnEvent {
  const { speaker, text, seed, stop, adapters, costs } = turn;
  return {
    kind: 'turn',
    who: speaker,
    playedBy: speaker === character ? 'model' : 'human',
    heard: [character, VISITOR].sort(),
    text,
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stop }),
    ...(adapters && { adapters: adapters.map(({ id }) => id) }),
    ...(costs && { costs }),
  };
}

/**
 * Reads a conversation at its own pace, as a transcript is read. What is taken back after it was read stays with the reader.
 *
 * @param path Of its journal.
 */
export function talkReader(path: string): TranscriptReader {
  let n = 0;
  let seen = '';
  return {
    next: async () => {
      const { size, mtimeMs } = await stat(path);
      const stamp = `${size} ${mtimeMs}`;
      if (stamp === seen) return [];
      seen = stamp;
      const records = talkRecords(await Conversation.resume(path)) ?? [];
      const more = records.filter((record) => record.n > n);
      n = more.at(-1)?.n ?? n;
      return more;
    },
  };
}
