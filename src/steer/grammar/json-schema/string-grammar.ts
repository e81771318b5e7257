import { literal } from '../grammar-text.ts';
import { anyCharacter, characterOf } from './characters.ts';
import { formatPatterns } from './formats.ts';
import { countIn } from './keywords.ts';
import {
  countText,
  lengthsOf,
  mostRepetitions,
  type Pattern,
  PatternFault,
  parsePattern,
  patternGrammar,
  wholePattern,
} from './pattern.ts';
import { type Pointer, refuseAt } from './refuse-keyword.ts';
import type { Rules } from './rules.ts';
import type { SchemaObject } from './schema.ts';

/** A JSON text as it stands, in a grammar's quotes. */
export const jsonLiteral = (value: unknown): string => literal(JSON.stringify(value));

/** The grammar of a string: by its pattern or format, else by its length. */
export function stringGrammar(schema: SchemaObject, at: Pointer, rules: Rules): string {
  const least = countIn(schema, 'minLength', 0, at);
  const most = countIn(schema, 'maxLength', Number.POSITIVE_INFINITY, at);
  if (least > most) refuseAt(at, `"minLength" is more than "maxLength"`);
  const pattern = patternOf(schema, at);
  if (pattern === undefined) {
    if (least > mostRepetitions)
      refuseAt(at, `"minLength" is ${least}; up to ${mostRepetitions} can be kept`);
    const character = rules.shared('char', () => characterOf(anyCharacter)!);
    return `"\\"" ${character}${countText(least, most)} "\\""`;
  }
  try {
    return `"\\"" ${patternGrammar(withLengths(pattern, { least, most }, at))} "\\""`;
  } catch (error) {
    if (error instanceof PatternFault)
      return refuseAt(at, `"pattern" cannot be kept: ${error.message}`);
    throw error;
  }
}

function patternOf({ pattern, format }: SchemaObject, at: Pointer): Pattern | undefined {
  if (pattern === undefined && format === undefined) return undefined;
  if (pattern !== undefined && format !== undefined)
    refuseAt(at, '"format" cannot be kept beside "pattern"');
  const [keyword, value] = pattern === undefined ? ['format', format] : ['pattern', pattern];
  if (typeof value !== 'string') refuseAt(at, `"${keyword}" is no text`);
  const known = formatPatterns.get(String(value));
  if (keyword === 'format') {
    if (known === undefined)
      refuseAt(
        at,
        `"format" is ${JSON.stringify(value)}; there are ${[...formatPatterns.keys()].join(', ')}`,
      );
    return parsePattern(known!);
  }
  try {
    return wholePattern(parsePattern(String(value)));
  } catch (error) {
    if (error instanceof PatternFault)
      return refuseAt(at, `"pattern" cannot be kept: ${error.message}`);
    throw error;
  }
}

interface Lengths {
  readonly least: number;
  readonly most: number;
}

/** A pattern held to lengths: where it is so long anyway, or where one part of it alone varies. */
function withLengths(pattern: Pattern, { least, most }: Lengths, at: Pointer): Pattern {
  const [shortest, longest] = lengthsOf(pattern);
  if (shortest >= least && longest <= most) return pattern;
  const parts = pattern.kind === 'sequence' ? pattern.parts : [pattern];
  const varying = parts.filter((part) => {
    const [a, b] = lengthsOf(part);
    return a !== b;
  });
  const [part] = varying;
  const fixed = parts.reduce((sum, one) => sum + (one === part ? 0 : lengthsOf(one)[0]), 0);
  const keyword = shortest >= least ? 'maxLength' : 'minLength';
  const isCountable =
    varying.length === 1 && part!.kind === 'repeat' && lengthsOf(part!.part).every((n) => n === 1);
  if (!isCountable || part!.kind !== 'repeat')
    return refuseAt(at, `"${keyword}" cannot be kept beside this "pattern"; count in the pattern`);
  const narrowed = {
    ...part!,
    least: Math.max(part!.least, least - fixed),
    most: Math.min(part!.most, most - fixed),
  };
  if (narrowed.least > narrowed.most || narrowed.least > mostRepetitions)
    return refuseAt(at, `no text of its "pattern" is as long as "${keyword}" wants`);
  return { kind: 'sequence', parts: parts.map((one) => (one === part ? narrowed : one)) };
}
