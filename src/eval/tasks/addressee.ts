import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Values } from '../../measure/row.ts';
import { calledBy } from '../../play/called-by.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { isCollective } from '../../play/cast/label.ts';
import { type ProperName, properNames } from '../../play/proper-names.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { firstPlace } from '../choice.ts';
import { itemId } from '../item-id.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { lastWords, turnsBefore, turnsShuffled } from '../turn-windows.ts';
import { masked } from './masked.ts';
import { summaries } from './summaries.ts';

export interface AddresseeItem extends Item {
  /** Who speaks; joint speakers together. */
  readonly speaker: string;
  /** Who is spoken to. */
  readonly addressee: string;
  /** Cast names of those on stage but the speaker, sorted. */
  readonly candidates: readonly string[];
  /** The scene before the speech. */
  readonly context: readonly SceneTurn[];
  /** The speech, with the name of who is spoken to as "…". */
  readonly speech: string;
  /** Who spoke right before, and who speaks right after; nobody at either end of a scene. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const name = 'addressee';
/** Words of the scene that are shown before the speech. */
const contextWords = 150;
/** Words of a speech that are shown, counted from its end. */
const speechWords = 80;

const share = (metric: string): Metric<AddresseeItem> => ({
  name: metric,
  unit: 'share',
  higherIsBetter: true,
  ceiling: 1,
  isBinary: true,
});

/**
 * Whom a speech is spoken to, of those on stage. Asked of speeches that call one person by name who speaks in the
 * scene; the name is made unreadable. The page goes on as print does where it says so: "HAMLET. [To Horatio]".
 *
 * What counts are the speeches with two or more to choose from; "of all" has those to the only other one too. A
 * name's score is how much likelier the page makes it than the speaker's label alone does: whoever knows that Hamlet
 * speaks to Horatio must not be right by that. "raw" figures are without; SmolLM2-135M gets .70 of them in Hamlet's
 * train scenes and has read no page. Floor: drawing lots, the row "chance". Ceiling: 1.
 *
 * On all 86 | 14 speeches of Hamlet | Macbeth the one who spoke before is meant in .57 | .29 (ABA), and the one who
 * is meant speaks next in .84 | .43, which is known only afterwards.
 *
 * @see Ouchi and Tsuboi, "Addressee and Response Selection for Multi-Party Conversation", 2016.
 */
export const addressee: Task<AddresseeItem> = {
  name,
  version: 1,
  summary: summaries.addressee,
  metrics: [share('accuracy'), share('raw accuracy'), share('raw accuracy of all')],
  anchors: [
    { name: 'original', values: (item) => figures(item, 1) },
    {
      name: 'ABA',
      values: (item) => figures(item, Number(item.before.includes(item.addressee))),
    },
    {
      name: 'answers next',
      values: (item) => figures(item, Number(item.after.includes(item.addressee))),
    },
    { name: 'chance', values: (item) => figures(item, 1 / item.candidates.length) },
    {
      name: 'shuffled',
      requests: (item) => ask(item, turnsShuffled([...item.context, speechOf(item)], item.id)),
    },
    { name: 'empty', requests: (item) => ask(item, []) },
  ],
  invariants: [
    ['original', 'ABA'],
    ['original', 'answers next'],
    ['original', 'chance'],
    ['original', 'shuffled'],
    ['original', 'empty'],
  ],
  items,
  unitOf: ({ scene }) => scene,
  requests: (item) => ask(item, [...item.context, speechOf(item)]),
  measure,
};

function items({ play, sha256, character }: Source): AddresseeItem[] {
  const names = properNames(play);
  return sceneTurns(play).flatMap(({ scene, turns }) => {
    const speaking = new Set(turns.flatMap(({ speakers }) => speakers));
    const inScene = names.filter(({ person }) => speaking.has(person));
    return turns.flatMap((turn, at): AddresseeItem[] => {
      const called = calledOf(turn, inScene);
      if (!called) return [];
      const { person } = called;
      if (character && ![...turn.speakers, person].includes(character.name)) return [];
      return [
        {
          id: itemId(sha256, addressee, turn.place),
          task: name,
          scene,
          place: turn.place,
          speaker: turn.speaker,
          addressee: person,
          candidates: turn.present.filter(
            (one) => !turn.speakers.includes(one) && !isCollective(one),
          ),
          context: turnsBefore(turns, at, contextWords),
          speech: lastWords(masked(turn.text, called), speechWords),
          before: turns[at - 1]?.speakers ?? [],
          after: turns[at + 1]?.speakers ?? [],
        },
      ];
    });
  });
}

/** The one person on stage whom a turn calls by name, and by which; undefined if there is none, or more than one. */
function calledOf(turn: Turn, names: readonly ProperName[]): ProperName | undefined {
  const others = names.filter(({ person }) => !turn.speakers.includes(person));
  const [one, ...more] = calledBy(turn.text, others);
  return one && more.length === 0 && turn.present.includes(one.person) ? one : undefined;
}

function speechOf({ speaker, speech }: AddresseeItem): SceneTurn {
  return { speaker, text: speech };
}

/** The names after the page, and after the speaker's label alone. */
function ask({ speaker, candidates }: AddresseeItem, turns: readonly SceneTurn[]): Request[] {
  return [turns, []].map((before) => ({
    kind: 'score',
    context: { kind: 'text', text: `${page(before)}${speaker}. [To` },
    continuations: candidates.map((one) => ` ${displayName(one)}]`),
  }));
}

function page(turns: readonly SceneTurn[]): string {
  return turns.map(({ speaker, text }) => `${speaker}. ${text}\n\n`).join('');
}

function measure(item: AddresseeItem, [after, alone]: readonly Answer[]): Values {
  if (after?.kind !== 'score' || alone?.kind !== 'score') return {};
  const isRight = (i: number): boolean => item.candidates[i] === item.addressee;
  const gains = after.nats.map((nats, i) => nats - alone.nats[i]!);
  return figures(item, firstPlace(gains, isRight), firstPlace(after.nats, isRight));
}

/** @param raw By default as `accuracy`, of whoever knows no names. */
function figures({ candidates }: AddresseeItem, accuracy: number, raw = accuracy): Values {
  return {
    ...(candidates.length > 1 && { accuracy, 'raw accuracy': raw }),
    'raw accuracy of all': raw,
  };
}
