import type { Model } from '../engine/model.ts';
import type { CastMember, Play } from '../play/play.ts';
import { loadPronunciations } from '../play/verse/syllables.ts';
import type { SpelledModel } from './grammar/vocabulary-texts.ts';
import { anachronisms, banPush } from './levers/anachronism-ban.ts';
import { bracketsPush } from './levers/brackets.ts';
import { characterLexicon, lexiconPush } from './levers/character-lexicon.ts';
import { lengthHazard, lengthPush, tokensPerWord } from './levers/length-hazard.ts';
import { prosePush } from './levers/prose.ts';
import { tagsPush } from './levers/speaker-tags.ts';
import { speaksVerse, versePush } from './levers/verse.ts';
import type { Push, PushName } from './push.ts';

/** Whose push is made, for which model. */
export interface PushSource {
  readonly model: SpelledModel & Pick<Model, 'tokenize'>;
  /** What the character may be judged by: the train scenes alone. */
  readonly play: Play;
  readonly character: CastMember;
  /** Cast names on stage beside the character. */
  readonly onStage?: readonly string[] | undefined;
}

/** The push of one lever, made for one character; takes up to 0.3 s. */
export async function makePush(
  name: PushName,
  { model, play, character, onStage = [] }: PushSource,
): Promise<Push> {
  switch (name) {
    case 'lexicon':
      return lexiconPush(characterLexicon(play, character));
    case 'ban':
      return banPush(anachronisms(play));
    case 'verse':
      await loadPronunciations();
      return speaksVerse(play, character) ? versePush(model, play) : prosePush();
    case 'brackets':
      return bracketsPush();
    case 'length':
      return lengthPush(lengthHazard(play, character), tokensPerWord(model, play, character));
    case 'tags':
      return tagsPush(play, new Set([character.name, ...onStage]));
  }
}
