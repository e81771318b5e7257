import type { Card, CardFact, CardRelation, CardWords } from '../../play/cast/character-card.ts';
import { normalName } from '../../play/cast/label.ts';
import type { Tongue } from '../../play/tongue.ts';
import { type Check, listOf, object, oneOf, place, text, wordsByScene } from './card-fields.ts';
import { jsonLines } from './json-lines.ts';

/** A character as a file of the user's own describes it. */
export interface OwnCard extends Partial<Tongue> {
  readonly card: Card;
  /** Id of a play or a file of one that the character is in; none for somebody who is in no play. */
  readonly play?: string | undefined;
}

/** Something wrong with a card file. */
export interface CardFault {
  /** 1-based; 0 where the file as a whole is meant. */
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
}

const relation = object({
  needs: ['person'],
  fields: { person: text, call: text, alone: oneOf(true), more: text, is: text },
});
const address = object({
  needs: ['person'],
  fields: { person: text, call: text, form: oneOf('thou', 'you') },
});
const example = object({ needs: ['question', 'reply'], fields: { question: text, reply: text } });
const factObject = object({
  needs: ['text'],
  fields: { text, asks: listOf(text), since: place },
});
const fact: Check = (value, path, refuse) =>
  (typeof value === 'string' ? text : factObject)(value, path, refuse);

/** Every field of a card file. */
const cardShape = object({
  needs: ['format', 'version', 'name'],
  fields: {
    format: oneOf('dramatis-card'),
    version: oneOf(1),
    play: text,
    language: text,
    period: text,
    name: text,
    role: text,
    manner: text,
    relations: listOf(relation),
    others: listOf(relation),
    addresses: listOf(address),
    want: wordsByScene,
    love: wordsByScene,
    hate: wordsByScene,
    fear: wordsByScene,
    serve: wordsByScene,
    moments: wordsByScene,
    knowledge: listOf(fact),
    examples: listOf(example),
    greeting: text,
  },
});

/** A card file as it is written, once it is known to be without fault. */
export interface CardText
  extends Partial<Omit<Card, 'name' | 'moments' | 'knowledge'>>,
    Partial<Tongue> {
  readonly format: 'dramatis-card';
  readonly version: 1;
  readonly play?: string;
  readonly name: string;
  readonly moments?: CardWords;
  readonly knowledge?: readonly (string | CardFact)[];
}

/** What is wrong with the text of a card file, in its order; nothing, where it can be used. */
export function cardFaults(json: string): CardFault[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    return [syntaxFault(json, error)];
  }
  const lines = jsonLines(json);
  const faults: CardFault[] = [];
  cardShape(parsed, '', (path, message, remedy) => {
    faults.push({ line: lines.get(path) ?? 1, message, remedy });
  });
  const { name } = Object(parsed) as { name?: unknown };
  if (typeof name === 'string' && name.trim() !== '' && normalName(name) === '')
    faults.push({
      line: lines.get('name') ?? 1,
      message: `"name" is "${name}", which has no letters`,
      remedy: 'Write a name that can be called.',
    });
  return faults.sort((a, b) => a.line - b.line);
}

/** The card that a file without fault holds: names as a cast has them, and lists where there may be none. */
export function ownCard({
  format: _,
  version: __,
  play,
  language,
  period,
  ...card
}: CardText): OwnCard {
  const { name, role = '', relations, others = [], addresses, moments, knowledge, ...rest } = card;
  return {
    ...(play !== undefined && { play }),
    ...(language !== undefined && { language }),
    ...(period !== undefined && { period }),
    card: {
      ...rest,
      name: normalName(name),
      role: role.replace(/[.\s]+$/, ''),
      ...(relations && { relations: relations.map(named) }),
      others: others.map(named),
      ...(addresses && { addresses: addresses.map(named) }),
      ...(moments !== undefined && {
        moments: typeof moments === 'string' ? { '1.1': moments } : moments,
      }),
      knowledge: (knowledge ?? []).map((one) => (typeof one === 'string' ? { text: one } : one)),
    },
  };
}

const named = <T extends Pick<CardRelation, 'person'>>(relation: T): T => ({
  ...relation,
  person: normalName(relation.person),
});

function syntaxFault(json: string, error: unknown): CardFault {
  const message = error instanceof Error ? error.message : String(error);
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? json.length);
  return {
    line: json.slice(0, position).split('\n').length,
    message: `this is no JSON: ${message.replace(/ in JSON at position.*$/, '')}`,
    remedy:
      'Correct the line named: look for a missing comma, quotation mark or bracket before it.',
  };
}
