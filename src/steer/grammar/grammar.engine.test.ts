import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grammar } from '../../engine/grammar.ts';
import { byteGrammar, parseGrammar, weighText } from '../../engine/grammar-syntax.ts';
import { Model } from '../../engine/model.ts';
import type { Sampling } from '../../engine/sampling.ts';
import type { GenerateOptions } from '../../engine/session/session.ts';
import { DramatisError } from '../../errors.ts';
import { writeTinyModel } from '../../testing/models/tiny-model.ts';
import { bundledGrammars } from './bundled-grammars.test.support.ts';
import { slowWeight } from './grammar-oracle.test.support.ts';
import { grammarOfJsonSchema } from './json-schema/schema-grammar.ts';
import { refusedByOne, rules, withoutWeights } from './random-grammars.test.support.ts';
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
function weighTokens(grammar: Grammar, tokens: readonly number[]): number | undefined {
  using matcher = grammar.matcher();
  let sum = matcher.potentialNats;
  for (const token of tokens) {
    const gain = matcher.gains().get(token) ?? 0;
    if (!matcher.accept(token)) return undefined;
    sum += gain;
    expectEqual(sum, matcher.potentialNats, `after token ${token}`);
  }
  return matcher.finishedNats;
}

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

const someTexts = fc.array(texts, { minLength: 1, maxLength: 8 });
const entry = fc.constantFrom(
  ...['a', 'the', 'The', "th'", "'a", "a'b", '"a b"', '"the a the"', 'é', 'É', '"b!"', '"!a"', "'"],
);
/** Lexicons, bans and classes alone. */
const wordLines = fc
  .tuple(
    fc.array(fc.tuple(entry, fc.constantFrom('', ' +0.7', ' -2')), { minLength: 1, maxLength: 4 }),
    fc.array(entry, { maxLength: 1 }),
    fc.constantFrom('', '%class /[a-c]+/ +0.4', "%class /th.|a'.*/ -1"),
  )
  .map(([lexicon, banned, more]) =>
    [
      `%lexicon l +1.2 { ${lexicon.map((parts) => parts.join('')).join(' ')} }`,
      `%ban { ${banned.join(' ')} }`,
      more,
    ].join('\n'),
  );

/** A speech, with all that the language has. */
const speech = `
root ::= line{1,3} ~ 2
line ::= /3/ verse "\\n" | aside "\\n"
verse ::= word (" " word){1,6} ~ 4 [.!?]
word ::= /2/ "thou" | "the " [a-h]+ | [A-Za-z]{1,7} ("'" [a-z]{1,2})?
aside[temp=0.7] ::= "(" [a-z ]{1,12} ")"
%lexicon early +1 { thou hath "the a" }
%ban { okay "a b" }
%class /[A-Z]{2,}/ -1`;

/** A text of a grammar; undefined where none can be drawn, or it is longer than the oracle can weigh in a moment. */
function sampled(grammar: string, seed: number): string | undefined {
  try {
    const text = new GrammarSampler(grammar, randomOf(seed)).draw();
    return text.length <= 60 ? text : undefined;
  } catch (error) {
    if (
      error instanceof DramatisError &&
      /no text ends|banned phrase|a text was drawn that is longer/.test(error.message)
    )
      return;
    throw error;
  }
}

/** Holds two weights equal as far as single precision, in which those of tokens are added, can tell. */
function expectEqual(fast: number | undefined, slow: number | undefined, text: string): void {
  if (slow === undefined || fast === undefined) expect([text, fast]).toEqual([text, slow]);
  else expect(Math.abs(fast - slow), text).toBeLessThan(5e-6 * Math.max(1, Math.abs(slow)));
}

/** Runs `body` on a grammar unless it is one of those that are refused. */
async function unlessRefused(grammar: string, body: () => void | Promise<void>): Promise<void> {
  try {
    parseGrammar(grammar);
  } catch (error) {
    if (error instanceof DramatisError && /left recursion|weighs 0|weighs more/.test(error.message))
      return;
    throw error;
  }
  try {
    await body();
  } catch (error) {
    const refused = /gains weight|ways at once|so ambiguous/;
    if (error instanceof DramatisError && refused.test(error.message)) return;
    throw error;
  }
}

async function say(
  grammar: string,
  sampling: Partial<Sampling> = {},
  options: GenerateOptions = {},
): Promise<{ text: string; stop: string; tokens: number[] }> {
  using session = await model.session();
  const stream = session.generate(model.tokenize('the king'), {
    maxTokens: 60,
    ...options,
    sampling: { grammar, dryMultiplier: 0, topK: 0, minP: 0, temperature: 1, ...sampling },
  });
  let text = '';
  const tokens: number[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return { text, stop: value, tokens };
    if (value.token !== undefined) tokens.push(value.token);
    text += value.text;
  }
}

describe('a weighted grammar', () => {
  it('weighs every text as working it out plainly does', async () => {
    let inLanguage = 0;
    await fc.assert(
      fc.asyncProperty(rules, words, someTexts, async (lines, extra, given) => {
        const grammar = `${lines}\n${extra}`;
        await unlessRefused(grammar, () => {
          const syntax = parseGrammar(grammar);
          const compiled = byteGrammar(grammar);
          for (const text of given) {
            const slow = slowWeight(syntax, text);
            if (slow !== undefined) inLanguage++;
            expectEqual(weighText(compiled, text), slow, text);
          }
        });
      }),
      { numRuns: 400 },
    );
    expect(inLanguage).toBeGreaterThan(50);
  });

  it('weighs words in free text by their borders, as looking for each everywhere does', () => {
    fc.assert(
      fc.property(wordLines, someTexts, (lines, given) => {
        const syntax = parseGrammar(lines);
        const compiled = byteGrammar(lines);
        for (const text of given)
          expectEqual(weighText(compiled, text), slowWeight(syntax, text), text);
      }),
      { numRuns: 400 },
    );
  });

  it('gives a text the same total however it is cut into tokens', async () => {
    await fc.assert(
      fc.asyncProperty(rules, words, fc.nat(), async (lines, extra, seed) => {
        const grammar = `${lines}\n${extra}`;
        await unlessRefused(grammar, async () => {
          const text = sampled(grammar, seed);
          if (text === undefined) return;
          const compiled = await model.grammar(grammar);
          const slow = slowWeight(parseGrammar(grammar), text);
          const random = randomOf(seed);
          for (let i = 0; i < 4; i++)
            expectEqual(weighTokens(compiled, cut(text, random)), slow, text);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('leaves unweighted grammars unweighted, however ambiguous', async () => {
    await fc.assert(
      fc.asyncProperty(rules, fc.nat(), async (lines, seed) => {
        const grammar = withoutWeights(lines);
        await unlessRefused(grammar, async () => {
          const text = sampled(grammar, seed);
          if (text === undefined) return;
          const compiled = await model.grammar(grammar);
          expect(weighTokens(compiled, cut(text, randomOf(seed)))).toBe(0);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('allows what llama.cpp allows, token by token', async () => {
    await fc.assert(
      fc.asyncProperty(rules, async (lines) => {
        const grammar = withoutWeights(lines);
        try {
          const compared = await model.compareGrammar(grammar, { seeds: 3, tokens: 12 });
          expect([compared.onlyOurs, compared.onlyStock, compared.firstDifference]).toEqual([
            0,
            0,
            '',
          ]);
        } catch (error) {
          if (!(error instanceof DramatisError && refusedByOne.test(error.message))) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('reads all grammars that llama.cpp brings, and allows what it allows', async () => {
    const grammars = await bundledGrammars();
    expect(grammars.length).toBeGreaterThan(6);
    for (const { name, text } of grammars) {
      const compared = await model.compareGrammar(text, { seeds: 4, tokens: 20 });
      expect([name, compared.onlyOurs, compared.onlyStock]).toEqual([name, 0, 0]);
      expect(compared.states).toBeGreaterThan(4);
    }
  });

  it('asks for tokens by number and by name as llama.cpp does', async () => {
    for (const grammar of [
      'root ::= <[7]> "a"? (!<[9]>){2} "b"',
      'root ::= <[80]> (!<[100]>)* <[101]>',
      'root ::= <|im_start|> "a"',
    ]) {
      const compared = await model.compareGrammar(grammar, { seeds: 6, tokens: 6 });
      expect([compared.onlyOurs, compared.onlyStock, compared.firstDifference]).toEqual([0, 0, '']);
    }
  });

  it('draws ten thousand texts that are all in the language', async () => {
    const grammars = [...(await bundledGrammars()).map(({ text }) => text), speech];
    for (const grammar of grammars) {
      const sampler = new GrammarSampler(grammar, randomOf(5));
      const compiled = byteGrammar(grammar);
      const syntax = parseGrammar(grammar);
      for (let i = 0; i < 10_000 / grammars.length; i++) {
        const text = sampler.draw();
        const nats = weighText(compiled, text);
        if (nats === undefined) expect.fail(`not in the language: ${JSON.stringify(text)}`);
        if (i < 20 && text.length < 200) expectEqual(nats, slowWeight(syntax, text), text);
      }
    }
  });

  it('draws alternatives by their weights', () => {
    const sampler = new GrammarSampler('root ::= /3/ "a" | "b" | /0/ "c"', randomOf(1));
    const drawn = Array.from({ length: 4000 }, () => sampler.draw());
    expect(drawn.filter((text) => text === 'a').length / drawn.length).toBeCloseTo(0.75, 1);
    expect(drawn).not.toContain('c');
  });

  it('takes no way out that weighs 0, however short', () => {
    const grammar =
      'root ::= "c" ("a" (/0/ "b") | /0/ "d" | root{2} | "e" root) | "f" one\none ::= /0/ "g" | two\ntwo ::= "h"';
    const sampler = new GrammarSampler(grammar, randomOf(3));
    for (let i = 0; i < 200; i++) expect(sampler.draw()).toMatch(/^[cefh]+$/);
  });

  it('draws from a chain of ten thousand rules, and from as many alternatives', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `r${i}`);
    const chain = names.map((name, i) => `${name} ::= ${names[i + 1] ?? '"a"'}`);
    expect(new GrammarSampler(`root ::= r0\n${chain.join('\n')}\n`, randomOf(1)).draw()).toBe('a');
    const many = names.map((name) => `"${name}"`).join(' | ');
    expect(names).toContain(new GrammarSampler(`root ::= ${many}\n`, randomOf(1)).draw());
  });

  it('gives up a text that repetitions make too long, also one of nothing', () => {
    for (const grammar of [
      'root ::= ((("a"{2000}){2000}){2000})',
      'root ::= (((""{2000}){2000}){2000})',
    ])
      expect(() => new GrammarSampler(grammar, randomOf(1)).draw()).toThrow(
        /longer than 1,000,000 characters/,
      );
  });

  it('is followed by every reply that comes to its end', async () => {
    const syntax = parseGrammar(speech);
    let ended = 0;
    for (let seed = 0; seed < 60; seed++) {
      const { text, stop } = await say(speech, { seed });
      if (stop !== 'end') continue;
      ended++;
      if (slowWeight(syntax, text) === undefined) expect.fail(JSON.stringify(text));
    }
    expect(ended).toBeGreaterThan(20);
  }, 60_000);
});

describe('the strength of a grammar', () => {
  const grammar = 'root ::= /1000/ "aye" | "nay"';

  it('pushes at 1, leaves alone at 0 and turns round below', async () => {
    const ayes = async (strength: number): Promise<number> => {
      let found = 0;
      for (let seed = 0; seed < 20; seed++)
        if ((await say(grammar, { seed, strength })).text === 'aye') found++;
      return found;
    };
    expect(await ayes(1)).toBeGreaterThan(14);
    expect(await ayes(-1)).toBeLessThan(6);
    const { tokens } = await say(grammar, { strength: 0, temperature: 0 });
    const { tokens: unweighted } = await say('root ::= "aye" | "nay"', { temperature: 0 });
    expect(tokens).toEqual(unweighted);
  });

  it('changes between two tokens', async () => {
    using session = await model.session();
    const stream = session.generate(model.tokenize('the king'), {
      sampling: { grammar: 'root ::= (/1000/ "a" | "b"){10}', temperature: 0 },
    });
    let text = '';
    for await (const { text: more } of stream) {
      text += more;
      if (text.length >= 5) session.strength(-1);
    }
    expect(text).toMatch(/^a+b+$/);
  });
});

describe('a banned phrase', () => {
  it('is never said, in any case or spelling, and does not end what holds it', async () => {
    const banned = 'root ::= [a-z ]{12,30}\n%ban { the "you and" is }';
    for (let seed = 0; seed < 60; seed++) {
      const { text } = await say(banned, { seed }, { maxTokens: 30 });
      expect(` ${text} `).not.toMatch(/ (the|you +and|is) /);
    }
    expect(weighText(byteGrammar(banned), 'thee thesis yours and ours')).toBe(0);
  });

  it('takes the reply back to where it began when it is certain only later', async () => {
    // Whoever says "ab" must go on with "cd", which is banned: only "x" is left, tokens later.
    const grammar = 'root ::= /1000/ "ab cd" "." | "xy ef."\n%ban { "ab cd" }';
    for (let seed = 0; seed < 10; seed++) {
      const { text, stop, tokens } = await say(grammar, { seed });
      expect([text, stop]).toEqual(['xy ef.', 'end']);
      expect(model.detokenize(tokens)).toBe(text);
    }
  });

  it('says what is wrong when nothing else is left', async () => {
    await expect(say('root ::= "ab" "."\n%ban { ab }')).rejects.toMatchObject({
      code: 'GRAMMAR_INVALID',
      message: expect.stringContaining('nothing to say'),
    });
  });
});

describe('attributes of a rule', () => {
  it('set the temperature inside it', async () => {
    const grammar = 'root ::= hot cold\nhot ::= [a-z]{6}\ncold[temp=0] ::= [ab]{6}';
    const ends = new Set<string>();
    const starts = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const { text } = await say(`root ::= "x" cold\ncold[temp=0] ::= [a-h]{8}`, { seed });
      ends.add(text);
      starts.add((await say(grammar, { seed })).text.slice(0, 6));
    }
    expect(ends.size).toBe(1);
    expect(starts.size).toBeGreaterThan(3);
  });

  it('leave the rule when it has had its tokens', async () => {
    const grammar = 'root ::= long "."\nlong[max=5] ::= [a-z ]+';
    for (let seed = 0; seed < 8; seed++) {
      const { tokens, text } = await say(grammar, { seed });
      expect(tokens.length).toBeLessThanOrEqual(7);
      expect(text).toMatch(/^[a-z ]+\.$/);
    }
  });
});

describe('a JSON Schema', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 8 },
      act: { type: 'integer', minimum: 1, maximum: 5 },
      mood: { enum: ['merry', 'grave'] },
    },
    required: ['name', 'act'],
    additionalProperties: false,
  };

  it('becomes a grammar of its texts', () => {
    const grammar = byteGrammar(grammarOfJsonSchema(schema));
    const fits = (value: unknown): boolean =>
      weighText(grammar, JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ')) === 0;
    expect(fits({ name: 'Orlando', act: 3, mood: 'merry' })).toBe(true);
    expect(fits({ name: 'Orlando', act: 5 })).toBe(true);
    expect(fits({ name: 'Orlando', act: 6 })).toBe(false);
    expect(fits({ name: 'Orlando', act: 1, mood: 'loud' })).toBe(false);
    expect(fits({ act: 1 })).toBe(false);
  });

  it('binds a reply, which is then JSON', async () => {
    const { text, stop } = await say(grammarOfJsonSchema(schema), { seed: 3 }, { maxTokens: 200 });
    expect(stop).toBe('end');
    expect(JSON.parse(text)).toMatchObject({ name: expect.any(String), act: expect.any(Number) });
  });

  it('is refused where it is none', () => {
    expect(() => grammarOfJsonSchema({ type: 'sonnet' })).toThrow(DramatisError);
  });
});

describe('a matcher', () => {
  it('goes back and is copied to the same state', async () => {
    const grammar = await model.grammar('root ::= ("a" | /2/ "b"){3} "."');
    using matcher = grammar.matcher();
    const [a, b] = [model.tokenize('a')[0]!, model.tokenize('b')[0]!];
    const before = matcher.allowed();
    expect(matcher.accept(b)).toBe(true);
    using other = matcher.clone();
    expect(other.accept(a)).toBe(true);
    expect([matcher.length, other.length]).toEqual([1, 2]);
    other.rewind(0);
    expect(other.allowed()).toEqual(before);
    expect(other.accept(model.tokenize('.')[0]!)).toBe(false);
    expect(other.length).toBe(0);
  });
});
