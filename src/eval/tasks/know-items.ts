import type { Source } from '../../corpus/source.ts';
import type { Item } from '../../measure/row.ts';
import { replierOf } from '../../measure/text/replier.ts';
import type { Replier } from '../../measure/text/reply-form.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { parsePlace } from '../../play/place.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import { hash32 } from '../../store/sha256.ts';
import { itemId } from '../item-id.ts';
import { type Question, type QuestionFile, requireFits } from './know-questions.ts';

/** A question put to a character, in the scene that tells the answer. */
export interface KnowItem extends Item {
  /** Cast name of the one who is asked. */
  readonly speaker: string;
  readonly asked: Question;
  /** Cast name of somebody else who is asked something, if there is one. */
  readonly another: string | undefined;
  /** By what the form of an answer is judged. */
  readonly replier: Replier;
  /** How things stand for the one who is asked, as prompts tell it: no answer is to recite it. */
  readonly thoughts: string;
}

/**
 * Questions of a file as items of its play; of one character, if the source is about one.
 *
 * @param file What the questions are called in messages.
 * @throws {DramatisError} QUESTIONS_REFUSED if they name whom or what the play has not.
 */
export function knowItems(
  source: Source,
  task: { readonly name: string; readonly version: number },
  questions: QuestionFile,
  file: string,
): KnowItem[] {
  const { play, sha256, character } = source;
  requireFits(questions, play, file);
  const members = questions.questions.map((asked) => findCharacter(play, asked.character));
  const speakers = members.map(({ name }) => name);
  const everybody = [...new Set(speakers)];
  const repliers = new Map(members.map((member) => [member, replierOf(play, member)]));
  return questions.questions.flatMap((asked, i) => {
    const speaker = speakers[i]!;
    if (character && character.name !== speaker) return [];
    const others = everybody.filter((name) => name !== speaker);
    const place = placeOf(asked, source);
    const { act, scene } = parsePlace(place);
    return {
      id: itemId(sha256, task, place, speaker, asked.question, asked.at ?? ''),
      task: task.name,
      scene: `${act}.${scene}`,
      place,
      speaker,
      asked,
      another: others[hash32(`another ${asked.id}`) % others.length],
      replier: repliers.get(members[i]!)!,
      thoughts: personaOf(play, members[i]!).situation(
        asked.at === undefined ? undefined : parsePlace(asked.at),
      ),
    };
  });
}

/** Where the answer is told; what is told nowhere is given a scene by its id. */
function placeOf(asked: Question, { play }: Source): string {
  const told = asked.kind === 'known' ? asked.gold[0]?.from : asked.scene;
  if (told !== undefined) return told;
  const scenes = play.acts.flatMap((act) =>
    act.scenes.map(({ number }) => `${act.number}.${number}`),
  );
  return scenes[hash32(`scene ${asked.id}`) % scenes.length]!;
}
