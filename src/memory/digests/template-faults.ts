import { displayName } from '../../play/cast/display-name.ts';
import type { RowFault } from './check-row.ts';
import type { DigestRow } from './digest-file.ts';
import type { DigestPersons } from './digest-persons.ts';
import { parseTemplate, personsOf, type TemplatePart } from './template.ts';

/** Words of a fact's sentence, a name counted as one: fewer say nothing, more are several facts. */
const leastWords = 3;
const mostWords = 40;

/** What is wrong with a digest's sentence. */
export function templateFaults(row: DigestRow, persons: DigestPersons): RowFault[] {
  const { text, about } = row;
  const parts = parseTemplate(text);
  const named = personsOf(parts);
  if (named.length === 0) return [namesNobody];
  const plain = parts.filter((part) => typeof part === 'string').join(' ');
  return [
    ...braceFaults(plain),
    ...(named.join('\n') === about.join('\n') ? [] : [aboutFault(named, about)]),
    ...bareNameFaults(plain, ownersOf(row, persons)),
    ...lengthFaults(parts),
    ...(/[.!?]["'’”)]*$/.test(text.trim()) ? [] : [unended]),
  ];
}

/** What is wrong with a question that a digest is to answer. */
export function askFaults(text: string): RowFault[] {
  const plain = parseTemplate(text).filter((part) => typeof part === 'string');
  return [
    ...braceFaults(plain.join(' ')),
    ...(text.trim().endsWith('?')
      ? []
      : [
          {
            message: `"${text}" in "asks" is no question`,
            remedy: 'Write questions that the digest answers, each with its question mark.',
          },
        ]),
  ];
}

const namesNobody: RowFault = {
  message: '"text" names nobody',
  remedy: "Write the persons as placeholders, such as {HAMLET}, {HAMLET:me} or {HAMLET:'s}.",
};

const unended: RowFault = {
  message: '"text" does not end as a sentence',
  remedy: 'Write one whole sentence with its full stop.',
};

function aboutFault(named: readonly string[], about: readonly string[]): RowFault {
  return {
    message: `"about" is ${about.join(', ') || 'empty'}, and the text names ${named.join(', ')}`,
    remedy: `Write "about":${JSON.stringify(named)}.`,
  };
}

/** A brace that is left over belongs to a placeholder that could not be read. */
function braceFaults(plain: string): RowFault[] {
  const odd = /\{[^{}]*\}?|\}/.exec(plain);
  if (!odd) return [];
  return [
    {
      message: `"${odd[0]}" is no placeholder`,
      remedy: "Write {NAME}, {NAME:me}, {NAME:'s} or two texts, such as {NAME:he/I}.",
    },
  ];
}

function lengthFaults(parts: readonly TemplatePart[]): RowFault[] {
  const count = parts
    .map((part) => (typeof part === 'string' ? part : 'N'))
    .join('')
    .split(/\s+/)
    .filter((word) => /\w/.test(word)).length;
  if (count >= leastWords && count <= mostWords) return [];
  return [
    {
      message: `"text" has ${count} words`,
      remedy: `Write ${leastWords} to ${mostWords} words; a longer one is two facts.`,
    },
  ];
}

/** Names, as in a sentence, of those who may tell the fact themselves. */
function ownersOf({ about, witnesses, told = [] }: DigestRow, persons: DigestPersons): string[] {
  const keys = [...about, ...witnesses, ...told.map(({ who }) => who)];
  return keys
    .flatMap((key) => {
      const person = persons.findAny(key);
      return person ? [person.name, ...person.members.map(displayName)] : [];
    })
    .filter((name) => /\p{Lu}/u.test(name)); // "the porter" may also be a plain word
}

/** A name outside a placeholder would stay in the third person when its owner tells the fact. */
function bareNameFaults(plain: string, owners: readonly string[]): RowFault[] {
  const spaced = ` ${plain.replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const bare = owners.find((name) => spaced.includes(` ${name} `));
  if (bare === undefined) return [];
  return [
    {
      message: `"${bare}" stands in the text as a plain word`,
      remedy: 'Write the name as a placeholder, and add it to "about".',
    },
  ];
}
