import { describe, expect, it } from 'vitest';
import type { Critic, Draft } from './critic.ts';
import { reflect } from './reflect.ts';

const draftOf = (text: string, seed: number): Draft => ({
  text,
  seed,
  tokens: [],
  stop: 'end',
  firstAt: 0,
  lastAt: 0,
  natsPerToken: 2,
});
/** Objects to a word. */
const against = (word: string): Critic => ({
  name: word,
  object: ({ text }) =>
    text.includes(word)
      ? { critic: word, reason: `says ${word}`, note: `Do not say ${word}.` }
      : undefined,
});
const plan = { drafts: 2, retries: 1 };

/** Drafts whose texts are given round by round; what was asked for is kept. */
function script(...rounds: readonly (readonly string[])[]) {
  const asked: { seeds: readonly number[]; note: string | undefined }[] = [];
  const draft = async (seeds: readonly number[], note: string | undefined) => {
    const texts = rounds[asked.length]!;
    asked.push({ seeds, note });
    return texts.map((text, i) => draftOf(text, seeds[i]!));
  };
  return { asked, draft };
}
const worth = ({ text }: Draft): number => text.length;

describe('A reflection', () => {
  it('speaks the worthiest of the drafts that nobody objects to, and keeps why the others were not said', async () => {
    const { asked, draft } = script(['a king', 'a crown indeed, okay']);
    const critics = [against('okay')];
    const found = await reflect({ plan, seed: 7, draft, critics, worth });
    expect(found.draft.text).toBe('a king');
    expect(asked).toEqual([{ seeds: [7, 8], note: undefined }]);
    expect(found.record).toMatchObject({ rounds: 1, isForced: false });
    expect(found.record.rejected).toEqual([
      {
        text: 'a crown indeed, okay',
        seed: 8,
        round: 0,
        objections: [{ critic: 'okay', reason: 'says okay' }],
      },
    ]);
    const free = await reflect({ plan, seed: 7, ...script(['a', 'abc']), critics: [], worth });
    expect(free.draft.text).toBe('abc');
    expect(free.record.rejected[0]!.objections).toEqual([]);
  });

  it('tells the next round what was wrong with the last, each thing once, with new seeds', async () => {
    const { asked, draft } = script(['okay wow', 'okay'], ['a king', 'wow']);
    const critics = [against('okay'), against('wow')];
    const found = await reflect({ plan, seed: 2 ** 32 - 1, draft, critics, worth });
    expect(asked.map(({ note }) => note)).toEqual([undefined, 'Do not say okay. Do not say wow.']);
    expect(asked.map(({ seeds }) => seeds)).toEqual([
      [2 ** 32 - 1, 0],
      [1, 2],
    ]);
    expect(found.draft.text).toBe('a king');
    expect(found.record.rounds).toBe(2);
    expect(found.record.rejected).toHaveLength(3);
  });

  it('ends after its rounds, with what has least against it, and says that it was forced', async () => {
    const { asked, draft } = script(['okay wow', 'wow wow okay'], ['okay', 'okay wow']);
    const critics = [against('okay'), against('wow')];
    const found = await reflect({ plan, seed: 1, draft, critics, worth });
    expect(asked).toHaveLength(2);
    expect(found.draft.text).toBe('okay');
    expect(found.record.isForced).toBe(true);
  });
});
