import type { Source } from '../../corpus/source.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import { trainPlay } from '../../corpus/splits/without-scenes.ts';
import type { Context } from '../../eval/task.ts';
import { maskQuestions } from '../../eval/tasks/mask-questions.ts';
import { turnsBefore } from '../../eval/turn-windows.ts';
import { spokenTo } from '../../play/addresses.ts';
import { displayName } from '../../play/cast/display-name.ts';
import type { CastMember } from '../../play/play.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { relationsOf, toSecondPerson } from '../../prompt/persona/relations.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import type { Asked } from '../reward/reply.ts';

/** A speech of another that the character replies to in the play, a visitor's trap, or who somebody is to the character. */
export type QuestionKind = 'cue' | 'mask' | 'known';

/** A question before it is written for a model. */
export interface ReplyQuestion extends Omit<Asked, 'shown'> {
  readonly kind: QuestionKind;
  readonly context: Context;
  /** Cast name of who asks, or the visitor. */
  readonly asker: string;
}

/** What the character says to a question in the play. */
export interface PrintedReply {
  readonly question: ReplyQuestion;
  readonly scene: string;
  readonly text: string;
}

/** Words of the scene that are shown before a reply. */
const contextWords = 60;
/** In words: shorter speeches ask nothing, and nothing can be said of a shorter reply. */
const [leastCue, leastReply] = [4, 4];

/** Speeches that the character replies to in one part of a play, with what it says there. */
export function cuesOf(
  { play, split, id }: Source,
  { name }: CastMember,
  part: SplitPart,
): PrintedReply[] {
  return sceneTurns(play)
    .filter(({ scene }) => split.partOf(scene) === part)
    .flatMap(({ scene, turns }) =>
      turns.flatMap((turn, i): PrintedReply[] => {
        const cue = turns[i - 1];
        const isReply = turn.speaker === name && cue && cue.speaker !== name;
        if (!isReply || cue.words < leastCue || turn.words < leastReply) return [];
        const question: ReplyQuestion = {
          ...{ id: `${id} ${turn.place} cue`, kind: 'cue', scene },
          question: cue.text,
          asker: cue.speaker,
          addressee: spokenTo(turns, i) ?? cue.speaker,
          context: {
            kind: 'scene',
            turns: turnsBefore(turns, i, contextWords),
            speaker: name,
            at: scene,
          },
        };
        return [{ question, scene, text: turn.text }];
      }),
    );
}

/**
 * Half of the questions that tempt a character out of its role, each beside its harmless twin; `eval mask` has them all, so
 * the other half says whether more than these was learned.
 */
export function maskAsked({ id }: Source, { name }: CastMember): ReplyQuestion[] {
  return maskQuestions
    .filter((_, i) => i % 2 === 0)
    .flatMap(({ trap, twin }, i) =>
      [trap, twin].map(
        (question, which): ReplyQuestion => ({
          ...asVisitor(name, question),
          ...{ id: `${id} ${name} mask ${2 * i} ${which}`, kind: 'mask' },
        }),
      ),
    );
}

/** Who is what to the character, in pairs that have each other's answers for wrong ones. */
export function knownAsked({ id, play, split }: Source, member: CastMember): ReplyQuestion[] {
  const related = relationsOf(trainPlay(play, split), member).flatMap(({ person, call }) =>
    call !== undefined && /^my \w+$/.test(call) ? [{ name: displayName(person), call }] : [],
  );
  const calls = new Set(related.map(({ call }) => call));
  const single = [...calls].flatMap((call) => {
    const named = related.filter((one) => one.call === call);
    return named.length === 1 ? named : [];
  });
  const pairs = single.flatMap((one, i) =>
    i % 2 === 0 && single[i + 1] ? [[one, single[i + 1]!] as const] : [],
  );
  const idOf = (call: string): string => `${id} ${member.name} known ${call}`;
  return pairs.flatMap(([one, other]) =>
    [
      [one, other],
      [other, one],
    ].map(
      ([asked, twin]): ReplyQuestion => ({
        ...asVisitor(member.name, `What is the name of ${toSecondPerson(asked!.call)}?`),
        ...{ id: idOf(asked!.call), kind: 'known', twin: idOf(twin!.call) },
        keys: {
          right: keyOf(asked!.name),
          wrong: single.filter(({ name }) => name !== asked!.name).map(({ name }) => keyOf(name)),
        },
      }),
    ),
  );
}

/** "Claudius" of "King Claudius": the word that a reply is looked for. */
const keyOf = (name: string): string => words(name).at(-1)!;

function asVisitor(speaker: string, question: string) {
  return {
    question,
    asker: VISITOR,
    context: { kind: 'question', speaker, question } as const,
  };
}
