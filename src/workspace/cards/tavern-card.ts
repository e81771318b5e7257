import { DramatisError } from '../../errors.ts';
import type { CardExample, CardFact } from '../../play/cast/character-card.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { normalName } from '../../play/cast/label.ts';
import { isObject } from './card-fields.ts';
import { type CardText, cardFaults } from './read-card.ts';

/** The fields of a Tavern card, version 2: each is taken over, or named among those left out. */
interface TavernData {
  readonly name: string;
  readonly description: string;
  readonly personality: string;
  readonly scenario: string;
  readonly first_mes: string;
  readonly mes_example: string;
  readonly creator_notes: string;
  readonly system_prompt: string;
  readonly post_history_instructions: string;
  readonly alternate_greetings: readonly string[];
  readonly character_book?: {
    readonly entries: readonly Readonly<Record<string, unknown>>[];
    readonly extensions: Readonly<Record<string, unknown>>;
  };
  readonly tags: readonly string[];
  readonly creator: string;
  readonly character_version: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** @see https://github.com/malfoyslastname/character-card-spec-v2 */
export interface TavernCard {
  readonly spec: 'chara_card_v2';
  readonly spec_version: '2.0';
  readonly data: TavernData;
}

/** A card of another program as one of ours, and what of it has no place here. */
export interface Converted {
  readonly card: CardText;
  /** A sentence each. */
  readonly left: readonly string[];
}

/** Fields of a Tavern card that nothing here stands for, and why. */
const leftOut: Readonly<Record<string, string>> = {
  creator_notes: 'notes for readers are not shown',
  system_prompt: 'prompts are those of data/prompts',
  post_history_instructions: 'prompts are those of data/prompts',
  alternate_greetings: 'a conversation begins with the first greeting alone',
  tags: 'characters are found by name',
  creator: 'the maker is not shown',
  character_version: 'a card is as its file is',
  extensions: 'they are meant for other programs',
};

/** True for the parsed JSON of a Tavern card of version 1, 2 or 3. */
export function isTavern(value: unknown): boolean {
  return (
    isObject(value) && (isObject(value.data) || 'first_mes' in value || 'mes_example' in value)
  );
}

/**
 * A Tavern card as one of ours. One that Dramatis wrote comes back as it was.
 *
 * @throws {DramatisError} CARD_INVALID if it has no name.
 */
export function fromTavern(value: unknown, path: string): Converted {
  const outer = isObject(value) ? value : {};
  const data = isObject(outer.data) ? outer.data : outer;
  const own = isObject(data.extensions) ? data.extensions.dramatis : undefined;
  if (own !== undefined && cardFaults(JSON.stringify(own)).length === 0)
    return { card: own as CardText, left: [] };

  const name = stringOf(data.name).trim();
  if (normalName(name) === '')
    throw new DramatisError('CARD_INVALID', `${path}: the card's "name" is empty`, {
      remedy: 'Write the name of the character in its field "data.name".',
    });
  const read = (field: string): string => filledIn(stringOf(data[field]), name);
  const { role, rest } = roleIn(read('description'), name);
  const manner = [rest, read('personality')].filter((part) => part !== '').join(' ');
  const book = bookOf(data.character_book, name);
  const examples = examplesIn(stringOf(data.mes_example), name);
  const fields = { role, manner, moments: read('scenario'), greeting: read('first_mes') };
  const lists = { knowledge: book.knowledge, examples };
  return {
    card: {
      format: 'dramatis-card',
      version: 1,
      name,
      ...Object.fromEntries(Object.entries(fields).filter(([, told]) => told !== '')),
      ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    },
    left: [
      ...Object.entries(leftOut)
        .filter(([field]) => !isNothing(data[field]))
        .map(([field, why]) => `${field}: ${why}`),
      ...book.left,
    ],
  };
}

/** A card of ours for other programs, with all of ours kept among the extensions. */
export function toTavern(card: CardText): TavernCard {
  const { name, role = '', manner = '', moments, greeting, examples = [], knowledge = [] } = card;
  const shown = normalName(name) === name ? displayName(name) : name;
  const relations = [...(card.relations ?? []), ...(card.others ?? [])].flatMap(
    ({ person, call, more, is }) => {
      const what = is ?? [call, more].filter((part) => part !== undefined).join(', ');
      return what === '' ? [] : [`${displayName(person)} is ${ofChar(what)}.`];
    },
  );
  const scenario = typeof moments === 'string' ? moments : Object.values(moments ?? {}).at(-1);
  const facts = knowledge.map((one) => (typeof one === 'string' ? { text: one } : one));
  return {
    spec: 'chara_card_v2',
    spec_version: '2.0',
    data: {
      name: shown,
      description: [role === '' ? '' : `{{char}} is ${role}.`, ...relations]
        .filter((part) => part !== '')
        .join(' '),
      personality: manner,
      scenario: scenario ?? '',
      first_mes: greeting ?? `I am ${role === '' ? shown : `${shown}, ${role}`}.`,
      mes_example: examples
        .map(({ question, reply }) => `<START>\n{{user}}: ${question}\n{{char}}: ${reply}`)
        .join('\n'),
      creator_notes: '',
      system_prompt: '',
      post_history_instructions: '',
      alternate_greetings: [],
      ...(facts.length > 0 && { character_book: { entries: facts.map(entryOf), extensions: {} } }),
      tags: [],
      creator: '',
      character_version: '',
      extensions: { dramatis: card },
    },
  };
}

/** "my mother's husband" as other programs are told of it. */
function ofChar(words: string): string {
  return words
    .replace(/\bmy\b/g, "{{char}}'s")
    .replace(/\bmine\b/g, "{{char}}'s")
    .replace(/\bme\b/g, '{{char}}');
}

function entryOf({ text, asks = [] }: CardFact, i: number): Readonly<Record<string, unknown>> {
  const words = text.match(/\b\p{Lu}[\p{L}'’-]{2,}/gu) ?? [];
  return {
    keys: asks.length > 0 ? asks : [...new Set(words)],
    content: text,
    extensions: {},
    enabled: true,
    insertion_order: i,
  };
}

/** "{{char}} is a retired pilot. He …": what the character is, and the rest. */
function roleIn(description: string, name: string): { role: string; rest: string } {
  const start = `${name} is `;
  const found = /^((?:an?|the) [^.]{3,120})\.\s*(.*)$/.exec(description.slice(start.length));
  return found && description.startsWith(start)
    ? { role: found[1]!, rest: found[2]! }
    : { role: '', rest: description };
}

/** Exchanges of "{{user}}: …" and "{{char}}: …"; what is said otherwise shows nothing that is asked. */
function examplesIn(text: string, name: string): CardExample[] {
  const turns = text
    .replace(/<START>/gi, '\n')
    .split(/^\s*(?=\{\{(?:user|char)\}\}\s*:)/gim)
    .map((part) => /^\{\{(user|char)\}\}\s*:\s*([\s\S]*)$/i.exec(part.trim()))
    .flatMap((match) => (match ? [{ who: match[1]!.toLowerCase(), said: match[2]! }] : []));
  return turns.flatMap(({ who, said }, i) => {
    const next = turns[i + 1];
    if (who !== 'user' || next?.who !== 'char') return [];
    return [{ question: filledIn(said, name), reply: filledIn(next.said, name) }];
  });
}

function bookOf(value: unknown, name: string): { knowledge: CardFact[]; left: string[] } {
  const entries = isObject(value) && Array.isArray(value.entries) ? value.entries : [];
  const told = entries.filter(isObject).filter(({ content }) => stringOf(content).trim() !== '');
  const on = told.filter(({ enabled }) => enabled !== false);
  const knowledge = on.map(({ content, keys }) => {
    const asks = (Array.isArray(keys) ? keys : [])
      .map((key) => filledIn(stringOf(key), name))
      .filter((key) => key !== '');
    return { text: filledIn(stringOf(content), name), ...(asks.length > 0 && { asks }) };
  });
  const off = told.length - on.length;
  return { knowledge, left: off > 0 ? [`character_book: ${off} entries are turned off`] : [] };
}

/** A text with the names that its placeholders stand for, on one line. */
function filledIn(text: string, name: string): string {
  return text
    .replace(/\{\{char\}\}|<BOT>/gi, name)
    .replace(/\{\{user\}\}|<USER>/gi, 'the visitor')
    .replace(/[{}]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
