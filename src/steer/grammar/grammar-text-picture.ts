import type { GrammarRule, GrammarSyntax } from '../../engine/grammar-syntax.ts';
import { notationOf, sharesOf } from './grammar-notation.ts';

/** A grammar for the terminal: each rule's alternatives as branches with their shares, then the words. */
export function grammarTextPicture(syntax: GrammarSyntax): string {
  const { root, rules } = syntax;
  const inOrder = [rules[root]!, ...rules.filter((_, i) => i !== root)];
  return [...inOrder.map((rule) => ruleText(rule, syntax)), ...wordsText(syntax)].join('\n');
}

function ruleText(rule: GrammarRule, syntax: GrammarSyntax): string {
  const attributes = Object.entries(rule.attributes).map(([name, value]) => `${name}=${value}`);
  const name = rule.name + (attributes.length > 0 ? `[${attributes.join(', ')}]` : '');
  const { body } = rule;
  if (body.kind !== 'choice') return `${name} ── ${notationOf(body, syntax)}`;
  const shares = sharesOf(body.weights);
  const wide = Math.max(...shares.map((share) => share.length));
  const isWeighted = body.weights.some((weight) => weight !== body.weights[0]);
  const branches = body.parts.map((part, i) => {
    const branch = i + 1 < body.parts.length ? '├─' : '└─';
    const share = isWeighted ? ` ${shares[i]!.padStart(wide)}` : '';
    return `${branch}${share} ${notationOf(part, syntax)}`;
  });
  return [name, ...branches].join('\n');
}

function wordsText({ entries, classes }: GrammarSyntax): string[] {
  const banned = entries.filter(({ banned }) => banned).map(({ text }) => text);
  const weighed = entries
    .filter(({ banned }) => !banned)
    .map(({ text, weight }) => `${text} ${signed(weight)}`);
  return [
    ...(weighed.length > 0 ? [`words: ${weighed.join(', ')}`] : []),
    ...classes.map(({ source, weight }) => `words like /${source}/ ${signed(weight)}`),
    ...(banned.length > 0 ? [`never: ${banned.join(', ')}`] : []),
  ];
}

const signed = (weight: number): string => (weight < 0 ? '' : '+') + Number(weight.toPrecision(3));
