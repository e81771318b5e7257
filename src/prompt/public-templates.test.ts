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

describe('the public templates', () => {
  const rows = [...publicTemplates().values()].map((twoTurns) => ({
    twoTurns,
    family: familiesByTurns(twoTurns)[0],
  }));

  it('are known by their hash: all but some twenty', () => {
    expect(rows.filter(({ family }) => family).length).toBeGreaterThanOrEqual(49);
  });

  it('are written token for token as they write themselves', () => {
    for (const { twoTurns, family } of rows) {
      if (!family) continue;
      const [end] = family.character.after;
      const theirs = twoTurns.replaceAll('<EOS>', textOf(end === undefined ? [] : [end]));
      const ours = talk(family);
      const begun = theirs.slice(
        theirs.indexOf(textOf([...family.visitor.before, publicTurns()[0]!])),
      );
      // Ours may go on: a thought that they open is closed, a channel that they leave open is chosen.
      expect(ours.startsWith(begun) || `${begun} ≠ ${ours}`).toBe(true);
    }
  });
});
