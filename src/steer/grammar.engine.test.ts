import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteGrammar, parseGrammar, weighText } from '../engine/grammar-syntax.ts';
import { Model } from '../engine/model.ts';
import { DramatisError } from '../errors.ts';
import { writeTinyModel } from '../gguf/tiny-model.ts';
import { slowWeight } from './grammar-oracle.test.support.ts';
import { GrammarSampler } from './sample-grammar.ts';

let folder: string;
let model: Model;
/** Tokens by the text they begin with, bytes in latin1. */
let pieces: { token: number; bytes: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-grammar-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
  pieces = Array.from({ length: model.info.vocabulary }, (_, token) => ({
    token,
    bytes: Buffer.from(model.piece(token)).toString('latin1'),
  })).filter(({ bytes }) => bytes !== '');
});
afterAll(() => rm(folder, { recursive: true }));

/** Numbers in [0, 1), the same for a seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A text cut into tokens anyhow. */
function cut(text: string, random: () => number): number[] {
  const tokens: number[] = [];
  let rest = Buffer.from(text).toString('latin1');
  while (rest !== '') {
    const fit = pieces.filter(({ bytes }) => rest.startsWith(bytes));
    const { token, bytes } = fit[Math.floor(random() * fit.length)]!;
    tokens.push(token);
    rest = rest.slice(bytes.length);
  }
  return tokens;
}

/** log W of a text cut into these tokens: the sum of what each token and the end changed. */
function weighTokens(grammar: string, tokens: readonly number[]): number | undefined {
  using matcher = model.grammar(grammar).matcher();
  let sum = matcher.potentialNats;
  for (const token of tokens) {
    const gain = matcher.gains().get(token) ?? 0;
    if (!matcher.accept(token)) return undefined;
    sum += gain;
    expect(sum).toBeCloseTo(matcher.potentialNats, 6);
  }
  return matcher.finishedNats;
}

const weight = fc.constantFrom('', '/2/ ', '/0.3/ ', '/17/ ', '/0/ ');
/** Parts of rules over a few characters; rules are named r0 to r3. */
const { expression } = fc.letrec<{ expression: string; choice: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('"a"', '"ab"', '[ab]', '[^b]', '"é"', '" "', '""', '"th"', '"the"', '[’a-c]'),
    fc.constantFrom('r1', 'r2', 'r3'),
    fc.tuple(tie('expression'), tie('expression')).map((parts) => parts.join(' ')),
    tie('choice').map((choice) => `(${choice})`),
    fc
      .tuple(
        tie('choice'),
        fc.constantFrom(
          '?',
          '*',
          '+',
          '{2}',
          '{1,3}',
          '{0,2}',
          '{2,}',
          '{1,4} ~ 2',
          '{0,3} ~ 2+-0.5',
        ),
      )
      .map(([part, times]) => `(${part})${times}`),
  ),
  choice: fc
    .array(fc.tuple(weight, tie('expression')), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map(([w, part]) => w + part).join(' | ')),
}));
const rules = fc
  .tuple(expression, expression, expression, expression)
  .map(([root, ...others]) =>
    [`root ::= ${root}`, ...others.map((body, i) => `r${i + 1} ::= "c" ${body} | "b"`)].join('\n'),
  );
const words = fc.constantFrom(
  '',
  '%lexicon l +1.2 { the a "a b" th\' +0.5 }',
  '%lexicon l -0.7 { ab The }\n%class /[ab]+/ +0.4',
  '%ban { ab "a the" }',
  "%lexicon l +2 { 'a a'b }\n%ban { cc }\n%class /.*b/ -1.5",
);
const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', 'é', ' ', 'the', 'th', "'", '’', 'ab'), { maxLength: 7 })
  .map((parts) => parts.join(''));

/** Runs `body` on a grammar unless it is one of those that are refused. */
function unlessRefused(grammar: string, body: () => void): void {
  try {
    parseGrammar(grammar);
  } catch (error) {
    if (error instanceof DramatisError && /left recursion|weighs 0|weighs more/.test(error.message)) return;
    throw error;
  }
  try {
    body();
  } catch (error) {
    if (error instanceof DramatisError && /gains weight/.test(error.message)) return;
    throw error;
  }
}

describe('a weighted grammar', () => {
  it('weighs every text as working it out plainly does', () => {
    fc.assert(
      fc.property(
        rules,
        words,
        fc.array(texts, { minLength: 1, maxLength: 8 }),
        (lines, extra, given) => {
          const grammar = `${lines}\n${extra}`;
          unlessRefused(grammar, () => {
            const syntax = parseGrammar(grammar);
            const compiled = byteGrammar(grammar);
            for (const text of given) {
              const slow = slowWeight(syntax, text);
              const fast = weighText(compiled, text);
              if (slow === undefined) expect([text, fast]).toEqual([text, undefined]);
              else expect(fast, text).toBeCloseTo(slow, 5);
            }
          });
        },
      ),
      { numRuns: 400 },
    );
  });
});
