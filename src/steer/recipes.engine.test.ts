import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grammar } from '../engine/grammar.ts';
import { byteGrammar, parseGrammar } from '../engine/grammar-syntax.ts';
import { Model } from '../engine/model.ts';
import { drawTogether } from '../engine/session/draw-together.ts';
import type { Session } from '../engine/session/session.ts';
import { loadPronunciations } from '../play/verse/syllables.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { castMember, lantern } from '../testing/plays/lantern.ts';
import { GrammarTracks } from './draw/grammar-tracks.ts';
import { steered } from './draw/steered.ts';
import { slowWeight } from './grammar/grammar-oracle.test.support.ts';
import { banLine, lexiconLine } from './grammar/grammar-text.ts';
import type { LeverName } from './lever-descriptions.ts';
import { bracketsPush } from './levers/brackets.ts';
import { characterLexicon, lexiconPush } from './levers/character-lexicon.ts';
import { lengthHazard, lengthPush } from './levers/length-hazard.ts';
import { proseBreak, prosePush } from './levers/prose.ts';
import { verseGrammar } from './levers/verse-grammar.ts';
import { pushNames } from './push.ts';
import {
  type SlowPush,
  slowBrackets,
  slowLength,
  slowLexicon,
  slowProse,
} from './slow-pushes.test.support.ts';
import { noSteering } from './steering.ts';
import { SteeringLevers } from './steering-levers.ts';

let folder: string;
let model: Model;

beforeAll(async () => {
  await loadPronunciations();
  folder = await mkdtemp(join(tmpdir(), 'dramatis-recipes-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
});
afterAll(() => rm(folder, { recursive: true }));

const marta = castMember('MARTA');
const bruno = castMember('BRUNO');
const prompt = (): Int32Array => model.tokenize('the king and the ghost');
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).concat('\n');

/** What the grammar adds to each next character, and to the end. */
function biasAfter(grammar: Grammar, text: string): Map<string, number> {
  using matcher = grammar.matcher();
  for (const byte of Buffer.from(text)) expect(matcher.accept(byte), `${text}`).toBe(true);
  const gains = matcher.gains();
  const found = new Map<string, number>();
  for (const byte of matcher.allowed())
    if (byte < 128) found.set(String.fromCharCode(byte), gains.get(byte) ?? 0);
  const end = matcher.finishedNats;
  if (end !== undefined) found.set('end', end - matcher.potentialNats);
  return found;
}

/** Expects a grammar and a slow push to allow equal tokens after each beginning of a text, any two of them as far apart. */
function expectSame(grammar: Grammar, slow: SlowPush, text: string, but = /^$/): void {
  for (let at = 0; at <= text.length; at++) {
    const head = text.slice(0, at);
    const found = biasAfter(grammar, head);
    const wanted = [...printable, 'end'].filter((next) => slow.of(head, next) !== undefined);
    const listed = [...found.keys()].filter((next) => next === 'end' || printable.includes(next));
    expect(listed.sort(), JSON.stringify(head)).toEqual(wanted.sort());
    const common = found.get('e')! - slow.of(head, 'e')!;
    for (const next of wanted) {
      if (but.test(next)) continue;
      expect(found.get(next)! - common, JSON.stringify([head, next])).toBeCloseTo(
        slow.of(head, next)!,
        4,
      );
    }
  }
}

describe('What a lever’s grammar adds to each token', () => {
  it('of the length is the hazard’s odds of ending, as counted from the text', () => {
    for (const character of [marta, bruno]) {
      const hazard = lengthHazard(lantern, character);
      const grammar = byteGrammar(lengthPush(hazard, 1.3).grammar);
      const sentence = fc.constantFrom(
        'No.',
        'Ay!',
        'The tide goes out.',
        'So "it burns!"',
        'Well...',
      );
      fc.assert(
        fc.property(fc.array(sentence, { minLength: 1, maxLength: 15 }), (said) => {
          // Behind a mark another mark, a quotation's end or a blank leaves the sentence at its end.
          expectSame(grammar, slowLength(hazard), said.join(' '), /[.!?"') \n]|\]/);
        }),
        { numRuns: 15 },
      );
    }
  });

  it('of brackets forbids those that are out of place, and nothing else', () => {
    const grammar = byteGrammar(bracketsPush().grammar);
    for (const text of [
      '[Exit] A word.',
      ' A word. [Exit with a lantern] Another',
      'A word, and "one more."\n[Takes one two three four five six seven] No',
    ])
      expectSame(grammar, slowBrackets, text);
  });

  it('of prose is against every line’s end', () => {
    const grammar = byteGrammar(prosePush().grammar);
    expectSame(grammar, slowProse(proseBreak), 'The tide\ngoes out.\n\nAgain');
  });

  it('of the lexicon has at each word’s end added up to what the words earn', () => {
    const groups = characterLexicon(lantern, marta);
    const grammar = byteGrammar(lexiconPush(groups).grammar);
    const word = fc.constantFrom(
      ...[
        'the',
        'lantern',
        'burns',
        'Lantern',
        'tide',
        'lanterns',
        'mine',
        'to',
        'thou',
        'hath',
        'a',
      ],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (said) => {
        using matcher = grammar.matcher();
        let text = '';
        for (const one of said) {
          text += `${one}, `;
          for (const byte of Buffer.from(`${one}, `)) matcher.accept(byte);
          expect(matcher.potentialNats).toBeCloseTo(slowLexicon(groups, text), 3);
        }
      }),
    );
  });

  it('of verse is the weight of the rules as written, which prefers lines in metre', () => {
    const text = verseGrammar(lantern);
    const [syntax, grammar] = [parseGrammar(text), byteGrammar(text)];
    const weigh = (said: string): number | undefined => {
      using matcher = grammar.matcher();
      for (const byte of Buffer.from(said)) if (!matcher.accept(byte)) return undefined;
      return matcher.finishedNats;
    };
    const metrical = 'The tide goes out and so I say again';
    const halting = 'The again tide goes out and so I say';
    for (const said of [metrical, halting, ' No.', '[Exit] The tide', `${metrical}\n${halting}`])
      expect(weigh(said)).toBeCloseTo(slowWeight(syntax, said)!, 3);
    expect(weigh(metrical)!).toBeGreaterThan(weigh(halting)!);
  });
});

describe('Several grammars at once', () => {
  const grammars = [
    'root ::= [a-z ]+ [.!]?\n',
    `${lexiconLine('own', 0, [
      { text: 'the', weight: 1 },
      { text: 'a', weight: -2 },
    ])}\n`,
    'root ::= (/3/ [a-m] | [n-z] | " " | [.!])*\n',
  ];

  /** One session draws by them; for another what they add is worked out token by token. */
  async function slowly(session: Session, sampling: object, strength: number): Promise<number[]> {
    using tracks = await GrammarTracks.open(model, grammars);
    const bias = (): Float32Array => {
      const row = new Float32Array(model.info.vocabulary);
      tracks.addTo(row, strength);
      return row;
    };
    const tokens: number[] = [];
    const options = { sampling, bias: bias(), maxTokens: 24 };
    for await (const { token } of session.generate(prompt(), options)) {
      if (token === undefined) continue;
      tokens.push(token);
      tracks.say(token);
      session.biasAll(bias());
    }
    return tokens;
  }

  it('draw what their biases, added up, draw', async () => {
    using session = await model.session();
    using other = await model.session();
    for (const seed of [1, 2, 3])
      for (const strength of [0, 1, -1.5]) {
        const sampling = { seed, temperature: 0.9 };
        const steering = { ...noSteering(), grammars: grammars.slice(0, 2), strength };
        const tokens: number[] = [];
        const own = { ...sampling, grammar: grammars[2]! };
        const part = steered(session, prompt(), { steering, sampling: own, maxTokens: 24 });
        for await (const { token } of drawTogether([part]))
          if (token !== undefined) tokens.push(token);
        expect(tokens.length).toBeGreaterThan(0);
        expect(tokens).toEqual(await slowly(other, sampling, strength));
      }
  });

  it('take a banned phrase back whichever of them bans it', async () => {
    using session = await model.session();
    const greedy = { temperature: 0, dryMultiplier: 0 };
    const [free, ban] = [
      'root ::= ([a-z]{2,6} " ")+\n',
      (words: string[]) => `${banLine(words)}\n`,
    ];
    const say = async (grammar: readonly string[]): Promise<string> => {
      let text = '';
      const options = { sampling: { ...greedy, grammar }, maxTokens: 20 };
      for await (const { text: piece } of session.generate(prompt(), options)) text += piece;
      return text;
    };
    let text = await say([free]);
    const banned: string[] = [];
    for (let i = 0; i < 5; i++) {
      const phrase = /[a-z]+(?= )/.exec(text)![0];
      banned.push(phrase);
      text = await say([free, ban(banned.slice(0, 2)), ban(banned.slice(2).concat('xyzzy'))]);
      for (const one of banned) expect(` ${text} `).not.toContain(` ${one} `);
    }
  });
});

describe('The levers of a character on a session', () => {
  it('compile what was turned, and nothing else', async () => {
    const board = await SteeringLevers.open({
      model,
      shown: () => lantern,
      character: marta,
      on: pushNames as readonly LeverName[],
    });
    const compiled = () => Promise.all(board.grammars.map((text) => model.grammar(text)));
    const all = await compiled();
    await board.turn('brackets', false);
    await board.turn('brackets', true);
    board.strength = 0.5;
    (await compiled()).forEach((grammar, i) => {
      expect(grammar).toBe(all[i]);
    });
  });

  it('let a reply be drawn, each alone and all together, and tell what they cost', async () => {
    using session = await model.session();
    for (const character of [marta, bruno])
      for (const on of [...pushNames.map((name) => [name]), pushNames] as LeverName[][]) {
        const steering = await SteeringLevers.open({
          model,
          shown: () => lantern,
          character,
          on,
          onStage: ['MARTA'],
        });
        let count = 0;
        const options = { steering, sampling: { seed: 3 }, maxTokens: 12 };
        for await (const { token } of drawTogether([steered(session, prompt(), options)]))
          if (token !== undefined) count++;
        const costs = steering.costs();
        expect(costs.length).toBe(on.length);
        for (const { ms, count: tokens } of costs) {
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(tokens).toBe(count);
        }
      }
  });
});
