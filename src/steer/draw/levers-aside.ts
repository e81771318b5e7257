import {
  type GrammarExpression,
  type GrammarSyntax,
  parseGrammar,
} from '../../engine/grammar-syntax.ts';
import { type PushName, pushNames } from '../push.ts';

const bracket = /[[\](){}*]/;

/**
 * The levers that step aside for grammars that a reply is asked to match, since together they would leave it nothing to say:
 * all that push words for one that writes data, such as that of a JSON Schema; `brackets` for one that writes brackets.
 */
export function leversAside(asked: readonly string[]): readonly PushName[] {
  const written = asked.flatMap((text) => [...writtenBy(parseGrammar(text))]).join('\n');
  if (isData(written)) return pushNames;
  return bracket.test(written) ? ['brackets'] : [];
}

/** Whether a grammar writes objects, or lists of strings. */
const isData = (written: string): boolean =>
  ['{', '}'].every((sign) => written.includes(sign)) ||
  ['[', ']', '"'].every((sign) => written.includes(sign));

/** What a grammar writes literally, and the sets that leave it nothing else to write. */
function* writtenBy({ rules }: GrammarSyntax): Generator<string> {
  for (const { body } of rules) yield* literalsOf(body);
}

function* literalsOf(part: GrammarExpression): Generator<string> {
  switch (part.kind) {
    case 'text':
      yield String.fromCodePoint(...part.codePoints);
      return;
    case 'set':
      if (!part.negated && part.ranges.every(isSign))
        yield String.fromCodePoint(...part.ranges.map(([low]) => low));
      return;
    case 'sequence':
    case 'choice':
      for (const one of part.parts) yield* literalsOf(one);
      return;
    case 'repeat':
      yield* literalsOf(part.part);
      return;
    case 'rule':
    case 'token':
      return;
  }
}

const isSign = ([low, high]: readonly [low: number, high: number]): boolean => low === high;
