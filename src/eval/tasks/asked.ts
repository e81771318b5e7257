import type { Source } from '../../corpus/source.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import type { Answer, Item } from '../../measure/row.ts';
import { prng, seedOf } from '../../measure/statistics/prng.ts';
import { type TrainText, trainTextOf } from '../../measure/text/train-text.ts';
import { itemId } from '../item-id.ts';
import type { Task, TextRequest } from '../task.ts';
import { fixedQuestions } from './fixed-questions.ts';
import { type Slice, saidIn, slices, speakersIn } from './own-words.ts';

/** A question that a visitor asks a character, at a point of the story, with words that may stand for the answer. */
export interface AskedItem extends Item {
  readonly speaker: string;
  readonly question: string;
  /** Number of the question, from 0. */
  readonly number: number;
  /** Key of the training text. */
  readonly train: string;
  readonly words: SpareWords;
}

/** Words of about a reply's length; those of a part are cut from it so that all items together have all of it. */
interface SpareWords {
  /** The speaker's, of the item's part of the play. */
  readonly original: string;
  /** Those that follow. */
  readonly otherHalf: string;
  /** Words of whoever else says most in that part. */
  readonly impostor: string;
  /** Words from other train scenes: the speaker's, or anybody's if the speaker is in none. */
  readonly recited: string;
  /** Drawn one by one from the speaker's in the scenes for training: their vocabulary in no order. */
  readonly shuffled: string;
}

/** Without a character, whom a task of questions is about: generating is dear. */
const mostSpeakers = 2;
const saladWords = 60;
/** Tokens of a reply: twenty replies are to have the 1,000 words that diversity is measured at. */
const replyTokens = 96;
const parts: readonly SplitPart[] = ['train', 'dev', 'holdout'];

/** Those whom a task of questions asks: the source's character, else the two who say most in training. */
export function askedSpeakers(source: Source): readonly string[] {
  if (source.character) return [source.character.name];
  return trainTextOf(source).speakers.slice(0, mostSpeakers);
}

/**
 * Twenty questions to each speaker in each part of a play. A question has no scene of its own: it is asked where the words
 * stand that are compared with its answer, so that intervals can be clustered and every part has all the questions.
 */
export function askedItems(
  source: Source,
  task: { readonly name: string; readonly version: number },
  speakers = askedSpeakers(source),
): AskedItem[] {
  const text = trainTextOf(source);
  return speakers.flatMap((speaker) => {
    const own = text.by(speaker);
    const vocabulary = own.flatMap(({ words }) => words);
    const recited = recitedFor(trainTextOf(source), speaker);
    return parts.flatMap((part) => {
      const impostor = speakersIn(source, part).find((name) => name !== speaker);
      const others = impostor ? slices(saidIn(source, part, impostor), fixedQuestions.length) : [];
      return slices(saidIn(source, part, speaker), fixedQuestions.length).map((slice, number) => ({
        id: itemId(source.sha256, task, slice.place, speaker, String(number)),
        task: task.name,
        scene: slice.scene,
        place: slice.place,
        speaker,
        question: fixedQuestions[number]!,
        number,
        train: text.key,
        words: {
          original: slice.first,
          otherHalf: slice.second,
          impostor: others[number]?.first ?? '',
          recited: recited(slice.scene, number),
          shuffled: salad(vocabulary, seedOf('salad', speaker, part, String(number))),
        },
      }));
    });
  });
}

/** The request for an item; tasks that ask one question at one place share it, so that it is answered once. */
export function askedRequest({ speaker, question, number, scene }: AskedItem): TextRequest {
  return {
    kind: 'text',
    context: { kind: 'question', speaker, question, at: scene },
    seed: seedOf('question', String(number)),
    maxTokens: replyTokens,
  };
}

/** Words that stand for an answer. */
export function spoken(text: string): readonly Answer[] {
  return [{ kind: 'text', text, tokens: 0, stop: 'end' }];
}

/** What was answered first; empty for an answer of another kind. */
export function replyOf(answers: readonly Answer[]): string {
  const [first] = answers;
  return first?.kind === 'text' ? first.text : '';
}

/** Words to recite at a question in a scene: what stands in that scene itself is no recitation there. */
function recitedFor(text: TrainText, speaker: string): (scene: string, number: number) => string {
  const byScene = new Map<string, readonly Slice[]>();
  return (scene, number) => {
    let found = byScene.get(scene);
    if (!found) {
      const elsewhere = text.speeches.filter((speech) => speech.scene !== scene);
      const own = elsewhere.filter(
        ({ speakers }) => speakers.length === 1 && speakers[0] === speaker,
      );
      found = slices(own.length > 0 ? own : elsewhere, fixedQuestions.length);
      byScene.set(scene, found);
    }
    const slice = found[number];
    return slice ? `${slice.first}\n${slice.second}`.trim() : '';
  };
}

function salad(vocabulary: readonly string[], seed: number): string {
  if (vocabulary.length === 0) return '';
  const random = prng(seed);
  const draw = (): string => vocabulary[Math.floor(random() * vocabulary.length)]!;
  return Array.from({ length: saladWords }, draw).join(' ');
}

/** What answers of a model are set against: words of the play, and words in no order. */
export const askedAnchors: Task<AskedItem>['anchors'] = [
  { name: 'original', answers: ({ words: own }) => spoken(own.original) },
  { name: 'original, other half', answers: ({ words: own }) => spoken(own.otherHalf) },
  { name: 'impostor', answers: ({ words: own }) => spoken(own.impostor) },
  { name: 'recitation', answers: ({ words: own }) => spoken(own.recited) },
  { name: 'shuffled', answers: ({ words: own }) => spoken(own.shuffled) },
  { name: 'empty', answers: () => spoken('') },
];

/** Anchors of which the first must come out above the second. */
export const askedInvariants: Task<AskedItem>['invariants'] = [
  ['original', 'shuffled'],
  ['original', 'recitation'],
  ['original', 'empty'],
];
