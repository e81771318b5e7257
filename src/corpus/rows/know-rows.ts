import type { Digest } from '../../memory/digests/digest.ts';
import { knownBy } from '../../memory/digests/known-by.ts';
import { renderDigest } from '../../memory/digests/render-digest.ts';
import { parsePlace } from '../../play/place.ts';
import { callsOf } from '../../prompt/persona/relations.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import type { Source } from '../source.ts';
import { type Asked, aboutQuestion, questionsOf } from './digest-questions.ts';
import { digestSource, leads, nothingKnown, unknowing } from './know-lines.ts';
import type { Learner } from './learner.ts';
import { drawShown, hashFraction } from './row-options.ts';
import { rowId, type TrainingRow } from './training-row.ts';

/** Facts that are shown with a question, the one that answers it among them. */
const shownFacts = 3;
/** Questions about what is not known, for each about what is. */
const unknownShare = 0.5;
/** Share of the questions that ask about persons, where there are others to ask: "What do you know of Polonius?" */
const aboutShare = 0.2;

/** One question put to the learner at a point of the story. */
interface Asking {
  readonly digest: Digest;
  readonly question: string;
  /** Whether it asks about persons, so that other facts of them would answer it, too. */
  readonly isAbout: boolean;
  /** Before which scene; undefined when the play is over. */
  readonly scene: string | undefined;
}

/**
 * `know`: a visitor asks about what happened, and is answered by a fact that is among those shown, in the first person; or
 * asks about what the character does not know, and hears that it does not. Made of the digests of train scenes, of which the
 * source must have some. Two thirds can be known; of the others half show the memory of not knowing, half other facts.
 */
export function knowRows(learner: Learner): TrainingRow[] {
  const { source, name, options } = learner;
  const drawn = (...parts: readonly string[]): number =>
    hashFraction(options.seed, 'know', name, ...parts);
  const facts = trainDigests(source);
  const asked = askedOf(source, name);
  const known = facts.flatMap((digest) => askKnown(learner, asked, digest, drawn));
  const answered = new Set(
    facts.flatMap((digest) => (knownBy(digest, name) ? questionsOf(digest, asked, false) : [])),
  );
  const unknown = facts
    .flatMap((digest) => askUnknown(asked, digest, answered, drawn))
    .sort((a, b) => drawn('unknown', a.digest.id) - drawn('unknown', b.digest.id))
    .slice(0, Math.round(known.length * unknownShare));
  const { id, sha256 } = source;
  const row = (asking: Asking, answer: string, recalled: readonly string[]): TrainingRow => {
    const turns = [
      { speaker: VISITOR, text: asking.question, lossWeight: 0 },
      { speaker: name, text: answer, lossWeight: 1 },
    ];
    const { persona } = drawShown(options, 'know', name, asking.digest.id);
    return {
      id: rowId(sha256, 'know', name, turns),
      edition: sha256,
      play: id,
      speaker: name,
      kind: 'know',
      scene: asking.scene,
      turns,
      shows: { persona, memory: true, directions: false },
      recalled,
      source: digestSource,
    };
  };
  const others = (asking: Asking): Digest[] => otherFacts(facts, name, asking, drawn);
  const told = (digest: Digest): string => renderDigest(digest, tellingOf(asked));
  return [
    ...known.map((asking) => {
      const { digest } = asking;
      const way = knownBy(digest, name)!.way;
      const lead = pick<string>(leads[way], drawn('lead', digest.id))!;
      const shown = others(asking)
        .slice(0, shownFacts - 1)
        .map(told);
      const at = Math.floor(drawn('order', digest.id) * (shown.length + 1));
      return row(asking, `${lead}${told(digest)}`, shown.toSpliced(at, 0, told(digest)));
    }),
    ...unknown.map((asking) => {
      const { id } = asking.digest;
      const isGated = drawn('gate', id) < 0.5;
      const shown = isGated ? [nothingKnown] : others(asking).slice(0, shownFacts).map(told);
      return row(asking, pick(unknowing, drawn('answer', id))!, shown);
    }),
  ];
}

/** Everything that rows of the kind may teach somebody to say. */
export function knowAnswers(source: Source, name: string): ReadonlySet<string> {
  const telling = tellingOf(askedOf(source, name));
  const facts = trainDigests(source).flatMap((digest) => {
    const knowing = knownBy(digest, name);
    if (!knowing) return [];
    return leads[knowing.way].map((lead) => `${lead}${renderDigest(digest, telling)}`);
  });
  return new Set([...facts, ...unknowing]);
}

function trainDigests({ digests = [], split }: Source): readonly Digest[] {
  return digests.filter((digest) => split.partOf(sceneOf(digest)) === 'train');
}

const sceneOf = ({ from }: Digest): string => `${from.act}.${from.scene}`;

function askedOf({ play }: Source, name: string): Asked {
  const member = play.cast.find((one) => one.name === name);
  if (!member) throw new RangeError(`"${name}" is not in the cast of "${play.title}"`);
  return { name, calls: callsOf(play, member) };
}

const tellingOf = ({ name, calls }: Asked) => ({ character: name, calls });

/** A question about a fact that the learner comes to know, after it does. */
function askKnown(
  { scenes }: Learner,
  asked: Asked,
  digest: Digest,
  drawn: (...parts: readonly string[]) => number,
): Asking[] {
  if (!knownBy(digest, asked.name)) return [];
  const about = aboutQuestion(digest, asked, Math.floor(drawn('form', digest.id) * 3));
  const questions = questionsOf(digest, asked, drawn('near', digest.id) < 0.5);
  const isAbout =
    about !== undefined && (questions.length === 0 || drawn('about', digest.id) < aboutShare);
  const question = isAbout ? about : pick(questions, drawn('question', digest.id));
  const later = scenes.filter(({ scene }) => knownBy(digest, asked.name, parsePlace(scene)));
  // Half when the play is over.
  const at = Math.floor(drawn('scene', digest.id) * 2 * later.length);
  return question === undefined ? [] : [{ digest, question, isAbout, scene: later[at]?.scene }];
}

/** A question about a fact that the learner never knows, or not yet; none that something it comes to know answers. */
function askUnknown(
  asked: Asked,
  digest: Digest,
  answered: ReadonlySet<string>,
  drawn: (...parts: readonly string[]) => number,
): Asking[] {
  const isEver = knownBy(digest, asked.name) !== undefined;
  const scene = isEver ? sceneOf(digest) : undefined;
  if (scene !== undefined && knownBy(digest, asked.name, parsePlace(scene))) return [];
  const questions = questionsOf(digest, asked, false).filter((one) => isEver || !answered.has(one));
  const question = pick(questions, drawn('question', digest.id));
  return question === undefined ? [] : [{ digest, question, isAbout: false, scene }];
}

/** Facts that the learner knows where it is asked and that do not answer: of other persons, if that is what is asked. */
function otherFacts(
  facts: readonly Digest[],
  name: string,
  { digest, scene, isAbout }: Asking,
  drawn: (...parts: readonly string[]) => number,
): Digest[] {
  const at = scene === undefined ? undefined : parsePlace(scene);
  const persons = new Set(digest.about.map(({ key }) => key));
  const isOther = (one: Digest): boolean =>
    one !== digest &&
    knownBy(one, name, at) !== undefined &&
    (!isAbout ||
      !one.about.some(({ key, members }) => persons.has(key) && !members.includes(name)));
  return facts
    .filter(isOther)
    .sort((a, b) => drawn('other', digest.id, a.id) - drawn('other', digest.id, b.id));
}

function pick<T>(list: readonly T[], fraction: number): T | undefined {
  return list[Math.floor(fraction * list.length)];
}
