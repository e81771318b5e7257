import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Row, Values } from '../../measure/row.ts';
import { recites } from '../../measure/text/copying.ts';
import { isFluent, orderGain } from '../../measure/text/word-order.ts';
import { words } from '../../play/words.ts';
import type { SpeakerCritic } from '../speaker-critic.ts';
import type { Task } from '../task.ts';
import {
  type AskedItem,
  askedAnchors,
  askedInvariants,
  askedItems,
  askedRequest,
  replyOf,
} from './asked.ts';
import { findCritic, leastJudged, openCritic } from './session-critic.ts';
import { bySpeaker, leastFluent, orderGainOf } from './style-pool.ts';
import { summaries } from './summaries.ts';
import { whoSpeakers } from './who-speakers.ts';

export interface SessionItem extends AskedItem {
  /** Key of the critic. */
  readonly critic: string;
  /** Everybody who is asked, the speaker among them. */
  readonly asked: readonly string[];
}

/** Replies that are heard together. */
const replies = 10;
/** Without a character, whom it is about: generating is dear. */
const mostSpeakers = 4;
/** Up to the median of the originals nearer is better; nothing is gained by being more like somebody than they are. */
const median = 0.5;

/**
 * Would a listener know the character by ten replies? One reply tells next to nothing, ten do: they are put together and
 * judged by a critic that no reward is made of, naive Bayes of four letters in a row, names out, that has not read the scene.
 *
 * `percentile` is the share of the character's own stretches of as many words that are less like it than the ten replies;
 * `like own` is that doubled and capped at 1, times the share of replies that recite nothing of the play, and 0 unless the
 * words stand in an order: without these gates a salad of own words beats the author. `ahead of others` is the share of
 * everybody else's stretches that are less like the character: .5 for whoever sounds like anybody.
 *
 * `apart` compares replies with replies, so that what a model sounds like anyway counts for nothing: how often a speaker's ten
 * are more like the speaker than another's ten are, of all who are asked; it takes a run of several characters. The others
 * compare replies with print: ten of SmolLM2-135M's without any persona are ahead of .91 of the others' stretches if they are taken
 * for Hamlet's, whose prose is nearer to them than the verse of the rest, and of .02 to .22 as Claudius's, Polonius's,
 * Horatio's, Ophelia's and Laertes's. There the difference to the base is what tells.
 *
 * Ceiling: 1. Originals of four characters each of nine plays come to .79, and are ahead of .85 of others' stretches: ten
 * replies of a character tell who it is about that well. The questions are every other of `style`, answered once for both.
 *
 * @see Koppel and Winter, "Determining if two documents are written by the same author", 2014.
 */
export const session: Task<SessionItem> = {
  name: 'session',
  version: 1,
  summary: summaries.session,
  metrics: [
    figure('like own', { unit: 'share', higherIsBetter: true, floor: 0, ceiling: 1 }, likeOwn),
    {
      ...{ name: 'apart', unit: 'share', higherIsBetter: true, floor: 0.5, ceiling: 1 },
      of: (rows) => apart(sessionsOf(rows)),
    },
    figure('percentile', { unit: 'score', higherIsBetter: null }, ({ ranks }) => ranks?.own),
    figure(
      'ahead of others',
      { unit: 'share', higherIsBetter: true, floor: 0.5, ceiling: 1 },
      ({ ranks }) => ranks?.others,
    ),
    { name: 'recited', unit: 'share', higherIsBetter: false, floor: 0, isBinary: true },
    figure('order gain', { unit: 'score', higherIsBetter: null }, orderGainOf),
    { name: 'words', unit: 'words', higherIsBetter: null },
  ],
  anchors: askedAnchors,
  invariants: askedInvariants,
  items(source) {
    const critic = openCritic(source);
    const asked = speakersOf(source);
    return askedItems(source, this, asked)
      .filter(({ number }) => number % 2 === 0)
      .map((item) => ({ ...item, critic, asked }));
  },
  groupOf: ({ speaker }) => speaker,
  requests: (item) => [askedRequest(item)],
  measure({ critic: key, asked, scene }, answers): Values {
    const critic = findCritic(key);
    if (!critic) throw new RangeError(`no items were made with critic ${key} in this process`);
    const { text } = critic;
    const reply = replyOf(answers);
    const own = words(reply);
    const judged = asked.map((name) => critic.judge(reply, name, scene));
    return {
      words: own.length,
      recited: Number(recites(reply, text.runs, scene)),
      grams: judged[0]!.grams,
      ...Object.fromEntries(asked.map((name, i) => [natsAs(name), judged[i]!.nats])),
      ...(own.length >= leastFluent && { gain: orderGain(own, text.trigramsWithout(scene)) }),
    };
  },
};

function speakersOf({ play, character }: Source): readonly string[] {
  return character ? [character.name] : whoSpeakers(play).slice(0, mostSpeakers);
}

/** What a critic of somebody else makes of a reply, too. */
const natsAs = (name: string): string => `nats as ${name}`;

/** How often a session is more like its speaker than one of another speaker is; NaN if there is one speaker only. */
function apart(sessions: readonly Session[]): number {
  let [ahead, all] = [0, 0];
  for (const { speaker, rows } of sessions) {
    const own = likeness(rows, speaker);
    for (const other of sessions) {
      if (other.speaker === speaker) continue;
      const theirs = likeness(other.rows, speaker);
      if (Number.isNaN(own) || Number.isNaN(theirs)) continue;
      ahead += own === theirs ? 0.5 : Number(own > theirs);
      all++;
    }
  }
  return ahead / all;
}

/** Nats a feature by which replies together are likelier from somebody than from anybody else. */
function likeness(rows: readonly Row<SessionItem>[], name: string): number {
  return sumOf(rows, natsAs(name)) / sumOf(rows, 'grams');
}

/** Replies of one speaker, as one text. */
interface Session {
  readonly speaker: string;
  readonly rows: readonly Row<SessionItem>[];
  readonly words: number;
  readonly critic: SpeakerCritic | undefined;
  /** Where the text stands among the originals; undefined for too few words, or without a critic. */
  readonly ranks: { readonly own: number; readonly others: number } | undefined;
}

/** A figure of each session, and the mean of those for which it can be told. */
function figure(
  name: string,
  about: Pick<Metric, 'unit' | 'higherIsBetter' | 'floor' | 'ceiling'>,
  of: (session: Session) => number | undefined,
): Metric<SessionItem> {
  return {
    ...{ name, ...about },
    of: (rows) => {
      const told = sessionsOf(rows).flatMap((one) => {
        const value = of(one);
        return value === undefined || Number.isNaN(value) ? [] : [value];
      });
      return told.reduce((sum, value) => sum + value, 0) / told.length;
    },
  };
}

function likeOwn({ rows, words: count, critic, ranks }: Session): number | undefined {
  if (count === 0) return 0;
  if (!ranks || !critic) return undefined;
  const gain = orderGainOf({ rows });
  if (!Number.isNaN(gain) && !isFluent(gain, critic.text.fluency)) return 0;
  const recited = sumOf(rows, 'recited') / rows.length;
  return Math.min(1, ranks.own / median) * (1 - recited);
}

/** Ten replies of a speaker at a time; a few that are left over are heard with those before them. */
function sessionsOf(rows: readonly Row<SessionItem>[]): Session[] {
  return bySpeaker(rows).flatMap((own) => {
    const count = Math.max(1, Math.round(own.length / replies));
    const from = (i: number): number => (i < count ? i * replies : own.length);
    return Array.from({ length: count }, (_, i) => heard(own.slice(from(i), from(i + 1))));
  });
}

function heard(rows: readonly Row<SessionItem>[]): Session {
  const { speaker, critic: key } = rows[0]!.item;
  const critic = findCritic(key);
  const count = sumOf(rows, 'words');
  const nats = likeness(rows, speaker);
  const ranks = count < leastJudged ? undefined : critic?.ranks(speaker, nats, count);
  return { speaker, rows, words: count, critic, ranks };
}

function sumOf(rows: readonly Row<SessionItem>[], value: string): number {
  return rows.reduce((sum, { values }) => sum + (values[value] ?? 0), 0);
}
