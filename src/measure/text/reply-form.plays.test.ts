import { beforeAll, expect, it } from 'vitest';
import { findCharacter } from '../../play/cast/find-character.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { realPlays } from '../../testing/real-plays.ts';
import { replierOf } from './replier.ts';
import { replyFaultsOf } from './reply-form.ts';

let sources: Awaited<ReturnType<typeof realPlays>>;
beforeAll(async () => {
  sources = await realPlays();
});

it('finds a fault in fewer than 1 of 100 speeches of the plays, taken as replies to the one before', () => {
  const faulty: string[] = [];
  let all = 0;
  for (const { play } of sources.values())
    for (const { turns } of sceneTurns(play))
      for (const [i, turn] of turns.entries()) {
        const member = play.cast.find(({ name }) => name === turn.speaker);
        if (i === 0 || !member) continue;
        all++;
        const to = { question: turns[i - 1]!.text, reply: turn.text, stop: 'end' };
        const faults = replyFaultsOf(to, replierOf(play, member));
        if (faults.length > 0) faulty.push(`${turn.place} ${turn.speaker}: ${faults.join(', ')}`);
      }
  expect(all).toBe(1724);
  expect(faulty).toHaveLength(8);
});

it('knows by which names a character and others are called', () => {
  const { play } = sources.get('hamlet')!;
  const { names, namesakes, labels, told } = replierOf(play, findCharacter(play, 'hamlet'));
  expect(names).toEqual(['Hamlet']);
  expect(namesakes).toContain('King Hamlet');
  expect(labels).toEqual(expect.arrayContaining(['Claudius', 'King Claudius', 'First Clown']));
  expect(told).toEqual([
    'your uncle',
    "your mother's husband",
    'your mother',
    'your one trusted friend',
    'the lady of your heart',
    'your father',
    "your father's ghost",
    "your father's jester",
  ]);
});

it('knows a wife from her husband', () => {
  const { play } = sources.get('macbeth')!;
  expect(replierOf(play, findCharacter(play, 'lady macbeth')).names).toEqual(['Lady Macbeth']);
  expect(replierOf(play, findCharacter(play, 'macbeth')).namesakes).toContain('Lady Macbeth');
});
