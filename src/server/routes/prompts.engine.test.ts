import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../stage/events.ts';
import { stateOf } from '../../stage/state.ts';
import { ask, servedHome, twoSpeak, until } from '../tiny-server.test.support.ts';

const at = servedHome();

const get = async (path: string) => (await ask(at.server.url, `/api/conversations/${path}`)).json();
const eventsOf = async (id: string): Promise<Recorded[]> =>
  ((await get(`${id}/events`)) as { events: Recorded[] }).events;

describe('A played scene', () => {
  it('has the very prompt of every turn that the model spoke, and its voices', async () => {
    const begun = await ask(at.server.url, '/api/conversations', {
      body: { ...twoSpeak, start: true },
    });
    const { id } = (await begun.json()) as { id: string };
    await until(async () => stateOf(await eventsOf(id)).end !== undefined);
    const { turns } = stateOf(await eventsOf(id));
    const spoken = turns.filter(({ playedBy }) => playedBy === 'model');
    expect(spoken).toHaveLength(twoSpeak.turns);
    for (const { n, who } of spoken) {
      const prompt = (await get(`${id}/turns/${n}/prompt`)) as { text: string; isSame: boolean };
      expect(prompt.isSame).toBe(true);
      expect(prompt.text).toContain(who);
    }
    const played = turns.find(({ playedBy }) => playedBy === 'play')!;
    expect(await get(`${id}/turns/${played.n}/prompt`)).toMatchObject({
      error: { message: `no prompt was drawn from for event ${played.n}` },
    });
    expect(await get(`${id}/measures`)).toMatchObject({ voice: [] }); // they say too little
    expect(at.home.faults).toEqual([]);
  });
});
