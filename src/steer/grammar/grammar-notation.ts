import type { GrammarExpression, GrammarSyntax } from '../../engine/grammar-syntax.ts';

/** An expression as it could have been written. */
export function notationOf(expression: GrammarExpression, syntax: GrammarSyntax): string {
  const show = (part: GrammarExpression): string => notationOf(part, syntax);
  switch (expression.kind) {
    case 'text':
      return `"${expression.codePoints.map(characterOf).join('')}"`;
    case 'set':
      return setOf(expression);
    case 'rule':
      return syntax.rules[expression.rule]!.name;
    case 'token':
      return `${expression.negated ? '!' : ''}${expression.text}`;
    case 'sequence':
      return expression.parts.length === 0
        ? '""'
        : expression.parts.map((part) => grouped(part, show, 'choice')).join(' ');
    case 'choice':
      return expression.parts
        .map((part, i) => weightOf(expression.weights[i]!) + grouped(part, show, 'choice'))
        .join(' | ');
    case 'repeat':
      return grouped(expression.part, show, 'choice', 'sequence', 'repeat') + timesOf(expression);
  }
}

/** How often, as written behind what is repeated: "*", "{3,9} ~ 5+-2". */
export function timesOf(repeat: GrammarExpression & { readonly kind: 'repeat' }): string {
  const { least, most, aim, spread } = repeat;
  const soft = aim === undefined ? '' : ` ~ ${short(aim)}+-${short(spread!)}`;
  if (soft === '' && least === 0 && most === 1) return '?';
  if (most === null && least < 2) return least === 0 ? '*' : '+';
  if (most === least) return `{${least}}${soft}`;
  return `{${least},${most ?? ''}}${soft}`;
}

/** What part of a choice each of its alternatives is, in percent, such as "75 %". */
export function sharesOf(weights: readonly number[]): string[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => `${short((100 * weight) / sum)} %`);
}

const weightOf = (weight: number): string => (weight === 1 ? '' : `/${short(weight)}/ `);

const short = (value: number): string => String(Number(value.toPrecision(3)));

function grouped(
  part: GrammarExpression,
  show: (part: GrammarExpression) => string,
  ...kinds: readonly GrammarExpression['kind'][]
): string {
  const needed =
    kinds.includes(part.kind) && !(part.kind === 'sequence' && part.parts.length === 0);
  return needed ? `(${show(part)})` : show(part);
}

function setOf({ negated, ranges }: GrammarExpression & { readonly kind: 'set' }): string {
  if (negated && ranges.length === 0) return '.';
  const listed = ranges.map(([low, high]) =>
    low === high ? characterOf(low) : `${characterOf(low)}-${characterOf(high)}`,
  );
  return `[${negated ? '^' : ''}${listed.join('')}]`;
}

const named = new Map([
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
  [0x5d, '\\]'],
]);

function characterOf(c: number): string {
  const name = named.get(c);
  if (name !== undefined) return name;
  const isShown =
    c >= 0x20 && c !== 0x7f && c <= 0x10ffff && /[^\p{C}\p{Z}]| /u.test(String.fromCodePoint(c));
  if (isShown) return String.fromCodePoint(c);
  const hex = c.toString(16).toUpperCase();
  if (c <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return c <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
