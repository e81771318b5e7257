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

/** Facts that are recalled with a question, the one that answers it first; a model is shown as many as it bears. */
const mostFacts = 5;
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

/** What rows are made of. */
interface Lessons {
  readonly learner: Learner;
  readonly asked: Asked;
  /** The digests of the train scenes. */
  readonly facts: readonly Digest[];
  /** A number in [0, 1) for some names: see `hashFraction`. */
  readonly drawn: (...parts: readonly string[]) => number;
}

/**
 * `know`: a visitor asks about what happened, and is answered by the fact that comes first to mind, in the first person; or
 * asks about what the character does not know, and hears that it does not. Made of the digests of train scenes, of which the
 * source must have some. Two thirds can be known; of the others half show the memory of not knowing, half other facts.
 */
export function knowRows(learner: Learner): TrainingRow[] {
  const { source, name, options } = learner;
  const lessons: Lessons = {
    learner,
    asked: askedOf(source, name),
    facts: trainDigests(source),
    drawn: (...parts) => hashFraction(options.seed, 'know', name, ...parts),
  };
  const { asked, facts, drawn } = lessons;
  const known = facts.flatMap((digest) => askKnown(lessons, digest));
  const answered = new Set(
    facts.flatMap((digest) => (knownBy(digest, name) ? questionsOf(digest, asked, false) : [])),
  );
  const unknown = facts
    .flatMap((digest) => askUnknown(lessons, digest, answered))
    .sort((a, b) => drawn('unknown', a.digest.id) - drawn('unknown', b.digest.id))
    .slice(0, Math.round(known.length * unknownShare));
  return [
    ...known.map((asking) => knownRow(lessons, asking)),
    ...unknown.map((asking) => unknownRow(lessons, asking)),
  ];
}

/** The answer is the first of the facts recalled, sometimes with words before it. */
function knownRow(lessons: Lessons, asking: Asking): TrainingRow {
  const { learner, asked, drawn } = lessons;
  const { digest } = asking;
  const { way } = knownBy(digest, learner.name)!;
  const lead = pick<string>(leads[way], drawn('lead', digest.id))!;
  const fact = renderDigest(digest, tellingOf(asked));
  const recalled = [fact, ...otherFacts(lessons, asking, mostFacts - 1)];
  return rowOf(lessons, asking, { answer: `${lead}${fact}`, recalled });
}

function unknownRow(lessons: Lessons, asking: Asking): TrainingRow {
  const { drawn } = lessons;
  const { id } = asking.digest;
  const isGated = drawn('gate', id) < 0.5;
  return rowOf(lessons, asking, {
    answer: pick(unknowing, drawn('answer', id))!,
    recalled: isGated ? [nothingKnown] : otherFacts(lessons, asking, mostFacts),
  });
}

function rowOf(
  { learner: { source, name, options } }: Lessons,
  { digest, question, scene }: Asking,
  { answer, recalled }: { readonly answer: string; readonly recalled: readonly string[] },
): TrainingRow {
  const turns = [
    { speaker: VISITOR, text: question, lossWeight: 0 },
    { speaker: name, text: answer, lossWeight: 1 },
  ];
  const { persona } = drawShown(options, 'know', name, digest.id);
  return {
    id: rowId(source.sha256, 'know', name, turns),
    edition: source.sha256,
    play: source.id,
    speaker: name,
    kind: 'know',
    scene,
    turns,
    shows: { persona, memory: true, directions: false },
    recalled,
    source: digestSource,
  };
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
function askKnown({ learner: { scenes }, asked, drawn }: Lessons, digest: Digest): Asking[] {
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
  { asked, drawn }: Lessons,
  digest: Digest,
  answered: ReadonlySet<string>,
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
  { learner: { name }, asked, facts, drawn }: Lessons,
  { digest, scene, isAbout }: Asking,
  most: number,
): string[] {
  const at = scene === undefined ? undefined : parsePlace(scene);
  const persons = new Set(digest.about.map(({ key }) => key));
  const isOther = (one: Digest): boolean =>
    one !== digest &&
    knownBy(one, name, at) !== undefined &&
    (!isAbout ||
      !one.about.some(({ key, members }) => persons.has(key) && !members.includes(name)));
  return facts
    .filter(isOther)
    .sort((a, b) => drawn('other', digest.id, a.id) - drawn('other', digest.id, b.id))
    .slice(0, most)
    .map((one) => renderDigest(one, tellingOf(asked)));
}

function pick<T>(list: readonly T[], fraction: number): T | undefined {
  return list[Math.floor(fraction * list.length)];
}
