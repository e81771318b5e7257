import { dirname, resolve } from 'node:path';
import { DramatisError } from '../../errors.ts';
import { findEntry, plays, slug } from '../../hub/catalogue.ts';
import type { OpenedPlay } from '../../hub/plays.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { readFileBytes } from '../../store/read-file-bytes.ts';
import { sha256 } from '../../store/sha256.ts';
import { isPng, plainPng, pngText, withPngText } from './png-text.ts';
import { type CardFault, type CardText, cardFaults, type OwnCard, ownCard } from './read-card.ts';
import { type Converted, fromTavern, isTavern, toTavern } from './tavern-card.ts';

/** Keywords under which images carry a Tavern card, the newer one first. */
const keywords = ['ccv3', 'chara'] as const;

/** What a card file holds: a card, or what is wrong with it. */
export interface ReadCardFile {
  readonly faults: readonly CardFault[];
  /** There where nothing is wrong; `left` names what of another program's card has no place here. */
  readonly converted?: Converted | undefined;
}

/**
 * Reads a card of ours, or a Tavern card as JSON or in a PNG image.
 *
 * @throws {DramatisError} FILE_MISSING; CARD_INVALID for an image without a card and a Tavern card without a name.
 */
export async function readCardFile(path: string): Promise<ReadCardFile> {
  const bytes = await readFileBytes(path);
  const json = isPng(bytes) ? cardInImage(bytes, path) : new TextDecoder().decode(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return { faults: cardFaults(json) };
  }
  if (isTavern(parsed)) return { faults: [], converted: fromTavern(parsed, path) };
  const faults = cardFaults(json);
  return faults.length > 0
    ? { faults }
    : { faults, converted: { card: parsed as CardText, left: [] } };
}

/** @throws {DramatisError} CARD_INVALID with the first fault and its line; FILE_MISSING. */
export async function openCardText(path: string): Promise<Converted> {
  const { faults, converted } = await readCardFile(path);
  if (converted) return converted;
  const [{ line, message, remedy }] = faults as readonly [CardFault];
  throw new DramatisError('CARD_INVALID', `${path}:${line}: ${message}`, {
    remedy: `${remedy} "dramatis card check FILE" lists every fault.`,
  });
}

/**
 * The card in a file. A play that it names by a file is looked for beside it.
 *
 * @throws {DramatisError} What `openCardText` throws.
 */
export async function openCard(path: string): Promise<OwnCard> {
  const card = ownCard((await openCardText(path)).card);
  const { play } = card;
  return play === undefined || findEntry(plays(), play)
    ? card
    : { ...card, play: resolve(dirname(path), play) };
}

/** Somebody who is in no play, as a play of no scenes with nobody else in its cast. */
export function playOfCard({ card, language, period }: OwnCard): OpenedPlay {
  const name = displayName(card.name);
  return {
    id: slug(card.name),
    sha256: sha256(JSON.stringify({ card, language, period })),
    path: '',
    play: {
      title: name,
      ...(language !== undefined && { language }),
      ...(period !== undefined && { period }),
      format: 'markdown',
      acts: [],
      cast: [{ name: card.name, aliases: [], description: card.role, speeches: 0, words: 0, card }],
      warnings: [],
    },
  };
}

function cardInImage(bytes: Uint8Array, path: string): string {
  for (const keyword of keywords) {
    const text = pngText(bytes, keyword);
    if (text !== undefined) return Buffer.from(text, 'base64').toString('utf8');
  }
  throw new DramatisError('CARD_INVALID', `${path} is an image that carries no character card`, {
    remedy: 'Give the image as its maker offers it: programs that convert images drop the card.',
  });
}

/**
 * A Tavern card in a PNG image: in the one given, or in a grey square.
 *
 * @throws {DramatisError} CARD_INVALID if the image is no PNG, or is cut off.
 */
export function tavernImage(card: CardText, image: Uint8Array = plainPng()): Buffer {
  if (!isPng(image))
    throw new DramatisError('CARD_INVALID', 'the image given with --image is no PNG', {
      remedy: 'Convert it to PNG, or leave --image out.',
    });
  const json = Buffer.from(JSON.stringify(toTavern(card))).toString('base64');
  return withPngText(image, 'chara', json);
}
