import { describe, expect, it } from 'vitest';
import { byteGrammar } from '../../engine/grammar-syntax.ts';
import { DramatisError } from '../../errors.ts';
import { bracketsPush } from '../levers/brackets.ts';
import { noSteering } from '../steering.ts';
import { namingClash } from './name-clash.ts';

const model = { grammar: async (text: string) => byteGrammar(text) };
const steering = {
  ...noSteering(),
  grammars: ['%ban { okay }\n', bracketsPush().grammar],
  grammarLevers: ['ban', 'brackets'],
};
const refused = new DramatisError(
  'GRAMMAR_INVALID',
  'the grammar leaves nothing to say after 0 tokens',
);

describe('A reply that grammars leave nothing to say', () => {
  it('is refused with the lever that clashes', async () => {
    const error = await namingClash(refused, { model, steering, asked: ['root ::= "{" "}"'] });
    expect(error).toMatchObject({
      code: 'GRAMMAR_INVALID',
      message: expect.stringContaining('clashes with the lever brackets'),
      remedy: expect.stringContaining('Turn off the lever brackets ('),
    });
  });

  it('is refused with all that may clash where they do so later', async () => {
    const error = await namingClash(refused, { model, steering, asked: ['root ::= "Ay"'] });
    expect(error).toMatchObject({
      message: expect.stringContaining('may clash with the levers ban, brackets'),
    });
  });

  it('is refused as it was where no lever is on, nothing was asked for, or the error is another', async () => {
    const asked = ['root ::= "{"'];
    const other = new DramatisError('USAGE', 'no');
    expect(await namingClash(refused, { model, steering: noSteering(), asked })).toBe(refused);
    expect(await namingClash(refused, { model, steering, asked: [] })).toBe(refused);
    expect(await namingClash(other, { model, steering, asked })).toBe(other);
  });
});
