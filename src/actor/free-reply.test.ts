import { describe, expect, it } from 'vitest';
import { byteGrammar, weighText } from '../engine/grammar-syntax.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { noSteering } from '../steer/steering.ts';
import { freeForm } from './free-reply.ts';

const template = promptTemplate();
const visitor = (text: string) => ({ speaker: 'VISITOR', text });
const marta = (text: string) => ({ speaker: 'MARTA', text });
const known = 'I hid the key in the well.';

/** Whether a reply to a conversation, with what is known of the last line, may be a text. */
function may(text: string, fact: string, ...said: string[]): boolean {
  const asked = visitor('Where is the key?');
  const turns = [...said.flatMap((one) => [asked, marta(one)]), asked];
  const { grammar } = freeForm({
    speaker: 'MARTA',
    persona: undefined,
    steering: { ...noSteering(), forbidsEchoes: true, pushesFacts: true },
    prompt: { conversation: turns, fact },
    told: () => '',
    maxTokens: 100,
  });
  return grammar.every((one) => weighText(byteGrammar(one), text) !== undefined);
}

describe('A free reply', () => {
  it('tells a fact in any words at first, and then begins by saying that it was told', () => {
    expect(may(known, known)).toBe(true);
    expect(may('In the well.', known)).toBe(true);
    expect(may(known, known, known)).toBe(false);
    expect(may(`As I told you: ${known}`, known, known)).toBe(true);
    expect(may('As I told you: in the well.', known, known)).toBe(true);
  });

  it('says that nothing is known in the words of its wording alone', () => {
    const [other] = template.unknownElse!;
    expect(may(template.unknown!, template.unknown!)).toBe(true);
    expect(may('I can answer questions.', template.unknown!)).toBe(false);
    expect(may(` ${other}`, other!, template.unknown!)).toBe(true);
    expect(may(`${other} And I am the queen.`, other!, template.unknown!)).toBe(false);
    expect(may(`As I told you: ${template.unknown}`, template.unknown!, template.unknown!)).toBe(
      true,
    );
  });
});
