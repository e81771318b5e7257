import { describe, expect, it } from 'vitest';
import { words } from '../../../play/words.ts';
import { lighthouse } from '../../../testing/plays/lighthouse.ts';
import { mill } from '../../../testing/plays/mill.ts';
import { piecesOf, pieceText } from './scene-pieces.ts';

const scene = (act: number, number: number) => lighthouse.acts[act - 1]!.scenes[number - 1]!;

describe('the pieces of a scene', () => {
  it('are read with speakers and directions', () => {
    const [piece] = piecesOf(scene(1, 1));
    expect(pieceText(piece!)).toBe(
      [
        '[Enter ADA and BEN]',
        'Ada: The oil is low and the wick burns crooked tonight. I counted seven ships upon the bar.',
        'Ben: Then trim it, sister, before the eighth one strikes.',
        '[Exit BEN]',
        'Ada: My brother sold the silver bell, and thinks I do not know it.',
        '[Enter CLEO]',
        'Cleo: Who rang for me? I heard a bell below the stairs.',
        '[Exeunt]',
      ].join('\n'),
    );
  });

  it('have at each line those who hear it, of an aside the speaker alone', () => {
    const lines = piecesOf(scene(1, 2))[0]!;
    const aside = lines.find(({ text }) => text.includes('trembles'))!;
    expect([...aside.hearers]).toEqual(['CLEO']);
    const oath = lines.find(({ text }) => text.includes('We swear'))!;
    expect([...oath.hearers].sort()).toEqual(['BEN', 'CLEO']);
  });

  it('are short, even, and together the whole scene', () => {
    for (const { scenes } of mill.play.acts)
      for (const one of scenes) {
        const pieces = piecesOf(one);
        const lengths = pieces.map(
          (piece) => words(piece.map(({ text }) => text).join(' ')).length,
        );
        expect(Math.max(...lengths)).toBeLessThanOrEqual(300);
        const spoken = one.elements.flatMap((element) =>
          element.kind === 'speech' ? element.lines : [],
        );
        expect(pieces.flat().map(({ text }) => text)).toEqual(spoken);
      }
  });
});
