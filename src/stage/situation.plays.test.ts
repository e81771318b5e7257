import { beforeAll, describe, expect, it } from 'vitest';
import type { Play } from '../play/play.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { type RealPlayId, realPlays } from '../testing/real-plays.ts';
import { situationAt } from './situation.ts';

let plays: Map<RealPlayId, Play>;

beforeAll(async () => {
  plays = new Map(
    [...(await realPlays())].map(([id, { play }]) => [id as RealPlayId, play] as const),
  );
});

const at = (id: RealPlayId, cast: string[], place?: string) =>
  situationAt(plays.get(id)!, { cast, at: place });

describe('situationAt', () => {
  it('lets Hamlet enter to the king, the queen and Ophelia, who have just spoken of him', () => {
    const found = at('hamlet', ['hamlet', 'ophelia', 'claudius', 'gertrude'], '3.1');
    expect(found).toMatchObject({
      at: { act: 3, scene: 1, line: 49 },
      heading: 'A room in the castle.',
      onStage: ['OPHELIA', 'KING CLAUDIUS', 'QUEEN GERTRUDE'],
      entrances: [{ who: ['HAMLET'], after: 0, text: 'Enter Hamlet' }],
    });
    expect(found.opening.map(({ who, place }) => [who, place])).toEqual([
      ['QUEEN GERTRUDE', '3.1.42'],
      ['OPHELIA', '3.1.48'],
    ]);
    expect(found.opening[0]!.text).toContain("Hamlet's wildness");
  });

  it('finds where people meet', () => {
    const meets = (id: RealPlayId, ...cast: string[]) => {
      const { at: place } = at(id, cast);
      return place && `${place.act}.${place.scene}`;
    };
    expect(meets('hamlet', 'hamlet', 'ophelia')).toBe('3.1');
    expect(meets('hamlet', 'hamlet', 'ophelia', 'claudius', 'gertrude')).toBe('3.2');
    expect(meets('macbeth', 'macbeth', 'lady macbeth')).toBe('1.5');
    expect(meets('hamlet', 'ophelia', 'fortinbras')).toBeUndefined();
  });

  it('brings on the prince who is to come where king and prince are never together', () => {
    const { onStage, opening, entrances } = at('hamlet', ['claudius', 'hamlet'], '3.1');
    expect(onStage).toEqual(['KING CLAUDIUS']);
    expect(opening.at(-1)?.place).toBe('3.1.57');
    expect(entrances).toEqual([{ who: ['HAMLET'], after: 0, text: 'Enter Hamlet' }]);
  });

  it('begins in every scene of both plays, and shows nobody what comes later', () => {
    for (const play of plays.values())
      for (const { scene } of sceneTurns(play)) {
        const { cast, onStage, opening, at: place } = situationAt(play, { cast: [], at: scene });
        expect(cast.length).toBeGreaterThan(0);
        expect(onStage.length).toBeGreaterThan(0);
        for (const turn of opening)
          expect(Number(turn.place.split('.')[2])).toBeLessThan(place!.line!);
      }
  });
});
