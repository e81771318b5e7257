import { describe, expect, it } from 'vitest';
import { DemoSessions } from './demo-sessions.ts';

const said = (text: string) => ({ by: 'visitor', text }) as const;

describe('Conversations of a demo', () => {
  it('are held by a name that cannot be guessed, and hold the end of what was said', () => {
    const sessions = new DemoSessions({ bytes: 1e6, lines: 3 });
    const one = sessions.fresh('marta');
    expect(one.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(sessions.get(one.id)).toBeUndefined();
    const two = sessions.say(one, said('a'), said('b'));
    sessions.say(two, said('c'), said('d'));
    expect(sessions.get(one.id)!.lines.map(({ text }) => text)).toEqual(['b', 'c', 'd']);
    expect(sessions.size).toBe(1);
  });

  it('never take more bytes than they may: the one left alone for longest goes first', () => {
    const sessions = new DemoSessions({ bytes: 5000, lines: 100 });
    const all = Array.from({ length: 8 }, () => sessions.fresh('marta'));
    for (const one of all) sessions.say(one, said('x'.repeat(200)));
    expect(sessions.bytes).toBeLessThanOrEqual(5000);
    expect(all.map(({ id }) => sessions.get(id) !== undefined)).toEqual([
      ...[false, false, false, true, true, true, true, true],
    ]);
    sessions.say(all[3]!, said('y'));
    sessions.say(sessions.fresh('marta'), said('x'.repeat(200)));
    expect([all[3]!, all[4]!].map(({ id }) => sessions.get(id) !== undefined)).toEqual([
      true,
      false,
    ]);
  });
});
