import { describe, expect, it } from 'vitest';
import { publicTemplates, publicTurns } from './public-templates.ts';
import { familiesByTurns } from './recognise-template.ts';
import type { ChatTemplate, Piece } from './templates.ts';

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : piece.token)).join('');

/** A talk of two turns as a family writes it. */
function talk({ visitor, character, open }: ChatTemplate): string {
  const [first, answer, second] = publicTurns();
  const said = (text: string): string => textOf([...visitor.before, text, ...visitor.after]);
  const reply = textOf([...character.before, answer!, ...character.after]);
  return said(first!) + reply + said(second!) + textOf(open);
}

/** Tokens of which one may be the model's own end of a text. */
const endings = ({ character }: ChatTemplate): string[] => [
  '',
  ...character.after.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.token])),
];

describe('the public templates', () => {
  const rows = [...publicTemplates().values()].map((twoTurns) => ({
    twoTurns,
    family: familiesByTurns(twoTurns)[0],
  }));

  it('are known by their hash: all but one for tools and one whose messages anybody can type', () => {
    expect(rows.filter(({ family }) => !family)).toHaveLength(2);
  });

  it('are written token for token as they write themselves', () => {
    for (const { twoTurns, family } of rows) {
      if (!family) continue;
      const ours = talk(family);
      const first = textOf([...family.visitor.before, publicTurns()[0]!]);
      const begun = endings(family).map((end) => {
        const theirs = twoTurns.replaceAll('<EOS>', end);
        return theirs.slice(theirs.indexOf(first));
      });
      // Ours may go on: a thought that they open is closed, a channel that they leave open is chosen.
      expect(begun.some((text) => ours.startsWith(text)) || `${begun[0]} ≠ ${ours}`).toBe(true);
    }
  });
});
