import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import { slug } from '../../hub/catalogue.ts';
import { playOf } from '../find-play.ts';
import type { CastRequest } from '../open-cast.ts';
import type { Workspace } from '../workspace.ts';
import { openCard } from './open-card.ts';

/** Whom a user names: by a name, by a card file, or by both, for the card of a character of a play. */
export interface Named {
  readonly character?: string | undefined;
  readonly play?: string | undefined;
  /** Path of a card file. */
  readonly cardFile?: string | undefined;
}

/**
 * Who is meant: with a card file, whom it describes; by a name that no known play has, who has it in the folder of cards.
 *
 * @throws {DramatisError} USAGE if nobody is named; CARD_INVALID, FILE_MISSING.
 */
export async function whoIsMeant(
  { folders }: Pick<Workspace, 'folders'>,
  { character, play, cardFile }: Named,
): Promise<Pick<CastRequest, 'character' | 'card'> & Pick<Named, 'cardFile'>> {
  if (cardFile !== undefined) {
    const card = await openCard(cardFile);
    return { character: character ?? card.card.name, card, cardFile };
  }
  if (character === undefined)
    throw new DramatisError('USAGE', 'nobody to talk with is named', {
      remedy: 'Give a name, such as dramatis chat hamlet, or a card: dramatis chat --card FILE.',
    });
  if (play !== undefined || isKnown(character)) return { character };
  const path = keptCardPath(folders.cards, character);
  const isKept = await access(path).then(
    () => true,
    () => false,
  );
  if (!isKept) return { character };
  const card = await openCard(path);
  return { character: card.card.name, card, cardFile: path };
}

/** Where a card is kept, so that its character is found by name. */
export function keptCardPath(folder: string, name: string): string {
  return join(folder, `${slug(name)}.json`);
}

/** Whether a known play has somebody of this name. */
function isKnown(character: string): boolean {
  try {
    playOf(character);
    return true;
  } catch (error) {
    if (error instanceof DramatisError && error.code === 'CHARACTER_AMBIGUOUS') return true;
    if (error instanceof DramatisError && error.code === 'CHARACTER_UNKNOWN') return false;
    throw error;
  }
}
