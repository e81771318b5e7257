import { describe, expect, it } from 'vitest';
import { type CardText, cardFaults, ownCard } from './read-card.ts';

const ned: CardText = {
  format: 'dramatis-card',
  version: 1,
  period: '1920',
  name: 'Old Ned',
  role: 'a retired lighthouse keeper.',
  manner: 'You speak slowly and of the sea.',
  relations: [{ person: 'Marta', call: 'my sister' }],
  moments: 'The lamp is sold, and I sit in the kitchen.',
  knowledge: ['I buried two sons at sea.', { text: 'The lamp burnt whale oil.', asks: ['oil'] }],
};
const faultsOf = (text: string): string[] =>
  cardFaults(text).map(({ line, message }) => `${line}: ${message}`);

describe('A card file', () => {
  it('is read with names as a cast has them', () => {
    const { card, period, play } = ownCard(ned);
    expect(card.name).toBe('OLD NED');
    expect(card.role).toBe('a retired lighthouse keeper');
    expect(card.relations).toEqual([{ person: 'MARTA', call: 'my sister' }]);
    expect(card.moments).toEqual({ '1.1': 'The lamp is sold, and I sit in the kitchen.' });
    expect(card.knowledge).toEqual([
      { text: 'I buried two sons at sea.' },
      { text: 'The lamp burnt whale oil.', asks: ['oil'] },
    ]);
    expect({ period, play }).toEqual({ period: '1920', play: undefined });
  });

  it('has no fault where every field is as it must be', () => {
    expect(cardFaults(JSON.stringify(ned))).toEqual([]);
  });

  it('is refused by line and field', () => {
    const text = `{
  "format": "dramatis-card",
  "version": 1,
  "name": "Ned",
  "role": 7,
  "relations": [
    { "person": "Marta" },
    {
      "call": "my sister",
      "form": "thee"
    }
  ],
  "want": { "1.1": "I want peace.", "later": "I want war." },
  "nature": "kind",
  "constructor": "x"
}`;
    expect(faultsOf(text)).toEqual([
      '5: "role" is 7',
      '8: "relations[1].person" is missing',
      '10: there is no field "relations[1].form"',
      '13: "later" in "want.later" is not a scene',
      '14: there is no field "nature"',
      '15: there is no field "constructor"',
    ]);
    expect(cardFaults(text)[4]!.remedy).toMatch(
      /^Leave it out, or write "\w+"; there are format, version/,
    );
    expect(
      cardFaults('{"rolle": "a keeper"}').find(({ message }) => /rolle/.test(message)),
    ).toMatchObject({
      remedy: expect.stringContaining('or write "role"'),
    });
  });

  it('is refused as a whole if it is no JSON, with the line', () => {
    expect(faultsOf('{\n  "name": "Ned"\n  "role": "a keeper"\n}')).toEqual([
      expect.stringMatching(/^3: this is no JSON: /),
    ]);
    expect(faultsOf('[]')[0]).toBe('1: the file is a list');
    expect(faultsOf(JSON.stringify({ ...ned, name: '...' }))).toEqual([
      '1: "name" is "...", which has no letters',
    ]);
  });
});
