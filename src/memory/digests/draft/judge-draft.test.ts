import { describe, expect, it } from 'vitest';
import { WordHashEmbedder } from '../../../testing/models/word-hash-embedder.ts';
import { lighthouse } from '../../../testing/plays/lighthouse.ts';
import { lighthouseHash, lighthouseHeader } from '../../../testing/plays/lighthouse-digests.ts';
import { writeDigestFile } from '../digest-file.ts';
import { readDigestFile } from '../read-digests.ts';
import { type Draft, DraftJudge, type FallReason } from './judge-draft.ts';
import { mergeDraft } from './merge-draft.ts';
import { type Piece, piecesOf } from './scene-pieces.ts';

const judge = () => new DraftJudge(lighthouse, new WordHashEmbedder());
const shore = piecesOf(lighthouse.acts[0]!.scenes[1]!)[0]!;

/** Sentences about the whole of a piece. */
const about = (lines: Piece, ...sentences: string[]): Draft[] =>
  sentences.map((sentence) => ({ sentence, item: { lines } }));

const sold = 'Ben told Cleo that the bell went to a smuggler for nine gold coins.';

describe('the judge of a draft', () => {
  it('keeps what stands in a line, with its place, its words and those who heard it', async () => {
    const { kept, fallen } = await judge().judge(shore, about(shore.slice(0, 1), sold));
    expect(fallen).toEqual([]);
    expect(kept).toEqual([
      {
        from: '1.2.1',
        end: '1.2.1',
        words: expect.stringContaining('bell went to a smuggler'),
        text: '{BEN} told {CLEO:me} that the bell went to a smuggler for nine gold coins.',
        about: ['BEN', 'CLEO'],
        witnesses: expect.arrayContaining(['BEN', 'CLEO']),
        roles: {},
      },
    ]);
  });

  const falls: readonly [string, FallReason][] = [
    ['A smuggler bought the silver bell for nine gold coins.', 'nobody'],
    ['Ada told Ben that the bell went to a smuggler for nine gold coins.', 'absent'],
    ['Ben told Hugo that the bell went to a smuggler for nine gold coins.', 'stranger'],
    ['Ben told Cleo that he trembled like a judge.', 'pronoun'],
    ['Ben tells Cleo that the bell went to a smuggler.', 'tense'],
    ['Cleo asked Cleo about the smuggler and nine gold coins.', 'confused'],
    ['Ben planted roses behind the house.', 'unfounded'],
  ];
  for (const [sentence, reason] of falls)
    it(`lets fall what ${reason}: "${sentence}"`, async () => {
      const { kept, fallen } = await judge().judge(shore, about(shore, sentence));
      expect(kept).toEqual([]);
      expect(fallen).toEqual([{ sentence, reason }]);
    });

  it('lets fall whoever stands there and neither speaks near by nor is spoken of', async () => {
    const lines = Array.from({ length: 12 }, (_, i) => ({
      ...shore[0]!,
      speakers: [i < 2 ? 'ADA' : i % 2 ? 'BEN' : 'CLEO'],
      place: { ...shore[0]!.place, line: i + 1 },
      hearers: new Set(['ADA', 'BEN', 'CLEO']),
    }));
    const told = 'Ada told Cleo that the bell went to a smuggler for nine gold coins.';
    const last = about(lines.slice(11), told);
    expect((await judge().judge(lines, last)).fallen).toMatchObject([{ reason: 'absent' }]);
    expect((await judge().judge(lines, about(lines.slice(1, 2), told))).kept).toHaveLength(1);
  });

  it('lets fall what it has kept before, in this piece or another', async () => {
    const one = judge();
    await one.judge(shore, about(shore.slice(0, 1), sold));
    const { fallen } = await one.judge(shore, about(shore.slice(0, 1), sold));
    expect(fallen).toEqual([{ sentence: sold, reason: 'repeated' }]);
  });

  it('makes rows that are without fault in a file of their play', async () => {
    const source = { model: 'm', prompt: '1', scene: 's' };
    const { kept: rows } = await judge().judge(shore, about(shore.slice(0, 1), sold));
    const header = { ...lighthouseHeader, persons: {} };
    const empty = { header, rows: [] };
    const file = mergeDraft(empty, { scene: '1.2', key: 'k', source, rows }, false);
    const text = writeDigestFile(file.header, file.rows);
    const read = readDigestFile(text, { play: lighthouse, sha256: lighthouseHash });
    expect(read.faults).toEqual([]);
    expect(read.digests).toMatchObject([{ id: '1.2-1' }]);
  });
});
