import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../play/parse.ts';
import type { Play } from '../../play/play.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { printings } from '../../testing/plays/ostrava.ts';
import { ownWords, playOf, somePlay } from '../../testing/plays/scene-table.ts';
import type { Source } from '../source.ts';
import type { SplitPart } from '../splits/scene-split.ts';
import { rowKinds, rowsHash, type TrainingRow } from './training-row.ts';
import { trainingRows } from './training-rows.ts';

/** A source whose scenes are train but for those named. */
function sourceOf(
  play: Play,
  name?: string,
  parts: Readonly<Record<string, SplitPart>> = {},
): Source {
  return {
    id: 'invented',
    play,
    sha256: 'e'.repeat(64),
    split: { folds: 5, partOf: (scene) => parts[scene] ?? 'train', foldOf: () => 0 },
    character: play.cast.find((member) => member.name === name),
  };
}

const weighing = playOf({
  '1.1': [
    ['ADA', 'Who put the salt upon the left pan?'],
    ['BEN', 'Not I.'],
    ['ADA', 'Then it put itself there, and walked off whistling.'],
    ['CLEO', ownWords('cleo', 200)],
    ['ADA', 'Enough.'],
  ],
  '1.2': [
    ['BEN', 'The scale is false; my father filed the beam himself.'],
    ['CLEO', 'Say that no louder than the river does.'],
    ['BEN', 'It is the river that I owe.'],
  ],
  '2.1': [
    ['CLEO', 'Ada, the beam is mended.'],
    ['ADA', 'Held out, and not to be learnt.'],
  ],
});
const ada = sourceOf(weighing, 'ADA', { '2.1': 'holdout' });
/** Kinds of rows for one character. */
const ownKinds = rowKinds.filter((kind) => kind !== 'page');
const made = (kind: (typeof rowKinds)[number], more = {}): TrainingRow[] =>
  trainingRows(ada, { kinds: [kind], ...more });
const spell = ({ turns }: TrainingRow): string =>
  turns
    .map(
      ({ speaker, text, lossWeight }) =>
        `${speaker}${lossWeight === 0 ? '' : ` (${lossWeight})`}: ${text}`,
    )
    .join('\n');

describe('Training rows', () => {
  it('pack a stretch of a scene, and begin anew after a long stretch without the character', () => {
    const rows = made('scene', { words: 100, contextWords: 3 });
    expect(rows.map(spell)).toEqual([
      'ADA (1): Who put the salt upon the left pan?\nBEN: Not I.\n' +
        'ADA (1): Then it put itself there, and walked off whistling.',
      'CLEO: cleo-197 cleo-198 cleo-199\nADA (1): Enough.',
    ]);
    expect(rows[0]).toMatchObject({
      speaker: 'ADA',
      scene: '1.1',
      from: { act: 1, scene: 1, line: 1 },
      to: { act: 1, scene: 1, line: 3 },
    });
  });

  it('hold the character alone without the other speakers', () => {
    expect(made('scene', { otherSpeakers: false }).map(({ turns }) => turns.length)).toEqual([3]);
  });

  it('ask with the line before, and with nothing', () => {
    expect(made('exchange').map(spell)[0]).toBe(
      'BEN: Not I.\nADA (1): Then it put itself there, and walked off whistling.',
    );
    expect(made('exchange')).toHaveLength(2);
    expect(made('own').map(({ turns }) => turns.length)).toEqual([1, 1, 1]);
  });

  it('put a piece of another train scene before a line and its answer', () => {
    for (const { turns } of made('elsewhere')) {
      expect(turns.at(0)?.place).toMatch(/^1\.2\./);
      expect(turns.slice(-2).map(({ lossWeight }) => lossWeight)).toEqual([0, 1]);
    }
    expect(made('elsewhere')).toHaveLength(2);
  });

  it('answer a visitor’s questions beyond the play’s world, and say where the words are from', () => {
    const rows = made('protective');
    expect(rows.length).toBeGreaterThan(5);
    for (const { turns, source, scene } of rows) {
      expect(turns.map(({ speaker }) => speaker)).toEqual([VISITOR, 'ADA']);
      expect(source).toMatch(/protective/);
      expect(scene).toBeUndefined();
    }
  });

  it('unlearn another’s words under the character’s label, the answer beside them', () => {
    const rows = made('contrast', { contrast: 0.5 });
    expect(rows).toHaveLength(3);
    for (const { turns, preferred } of rows) {
      const other = turns.at(-1)!;
      expect(other).toMatchObject({ speaker: 'ADA', lossWeight: -0.5 });
      expect(['BEN', 'CLEO']).toContain(other.by);
      expect(turns.slice(0, -1).map(({ text }) => text)).not.toContain(other.text);
      expect(preferred!.turns.slice(0, -1)).toEqual(turns.slice(0, -1));
      expect(preferred!.turns.at(-1)).toMatchObject({ speaker: 'ADA', lossWeight: 1 });
      expect(other.text).not.toBe(preferred!.turns.at(-1)!.text);
    }
    expect(new Set(rows.map(({ turns }) => turns.at(-1)!.place)).size).toBeGreaterThan(1);
  });

  it('unlearn what others say, where they say it, under the character’s label', () => {
    const rows = made('mislabelled', { contrast: 0.5 });
    expect(rows.length).toBeGreaterThan(1);
    for (const { turns, scene, preferred } of rows) {
      const other = turns.at(-1)!;
      expect(other).toMatchObject({ speaker: 'ADA', lossWeight: -0.5 });
      expect(['BEN', 'CLEO']).toContain(other.by);
      expect(turns.at(-2)?.speaker).not.toBe('ADA');
      expect(other.place?.startsWith(`${scene}.`)).toBe(true);
      expect(preferred!.turns.at(-1)).toMatchObject({ speaker: 'ADA', lossWeight: 1 });
    }
    const places = rows.map(({ turns }) => turns.at(-1)!.place);
    expect(new Set(places).size).toBe(places.length);
  });

  it('weigh short replies as they are told', () => {
    const [row] = made('scene', { shortReplies: 2, words: 1000 });
    expect(row!.turns.map(({ lossWeight }) => lossWeight)).toEqual([2, 0, 2, 0, 2]);
  });

  it('have directions in brackets in what the others say, and never in what is learnt', () => {
    const play = parsePlay(new TextEncoder().encode(printings.Markdown));
    const all = { kinds: rowKinds, everyone: true, directions: true } as const;
    const rows = trainingRows(sourceOf(play), {
      ...all,
      drops: { persona: 0, memory: 0, directions: 0 },
    });
    const texts = rows.flatMap(({ turns }) => turns);
    expect(
      texts.some(({ text, lossWeight }) => lossWeight === 0 && text.includes('[Exit FERRYMAN]')),
    ).toBe(true);
    expect(texts.filter(({ text, lossWeight }) => lossWeight !== 0 && text.includes('['))).toEqual(
      [],
    );
  });

  it('are for everybody who speaks alone, if they are for everybody', () => {
    const speakers = trainingRows(sourceOf(weighing), { everyone: true }).map(
      ({ speaker }) => speaker,
    );
    expect([...new Set(speakers)]).toEqual(['ADA', 'BEN', 'CLEO']);
    expect(() => trainingRows(sourceOf(weighing))).toThrow(RangeError);
  });

  it('weigh more for those who say less, if they are to be balanced', () => {
    const weights = (balance: number) =>
      trainingRows(ada, { everyone: true, kinds: ['own'], balance }).map(
        ({ speaker, turns }) => [speaker, turns[0]!.lossWeight] as const,
      );
    expect(new Set(weights(0).map(([, lossWeight]) => lossWeight))).toEqual(new Set([1]));
    const said = { ADA: 18, BEN: 19, CLEO: 208 };
    const mean = (18 + 19 + 208) / 3;
    for (const [speaker, lossWeight] of weights(0.5))
      expect(lossWeight).toBeCloseTo(Math.sqrt(mean / said[speaker as keyof typeof said]), 12);
    expect(new Map(weights(1)).get('ADA')).toBe(4);
    expect(trainingRows(ada, { balance: 1 })).toEqual(trainingRows(ada));
  });

  it('leave blocks out as often as they are told, by the seed alone', () => {
    const often = (drop: number, seed = 1) => {
      const drops = { persona: drop, memory: 1, directions: 1 };
      return made('own', { drops, seed }).map(({ shows }) => shows.persona);
    };
    expect(often(0)).toEqual([true, true, true]);
    expect(often(1)).toEqual([false, false, false]);
    expect(often(0.5)).toEqual(often(0.5));
    const seeds = Array.from({ length: 100 }, (_, seed) => often(0.5, seed)).flat();
    const kept = seeds.filter(Boolean).length;
    expect(kept).toBeGreaterThan(110);
    expect(kept).toBeLessThan(190);
  });

  it('have names and a hash of their own, the same each time', () => {
    const all = trainingRows(ada, { kinds: ownKinds });
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(trainingRows(ada, { kinds: ownKinds })).toEqual(all);
    expect(rowsHash(all)).toBe(rowsHash(trainingRows(ada, { kinds: ownKinds })));
    expect(rowsHash(all)).not.toBe(rowsHash(all.slice(1)));
    const heavier = trainingRows(ada, { kinds: ownKinds, shortReplies: 2 });
    expect(rowsHash(heavier)).not.toBe(rowsHash(all));
  });
});

describe('Every play', () => {
  const most = 120;
  const options = { kinds: rowKinds, words: most, contextWords: 20, everyone: true };
  /** Those whose rows hold several speeches. */
  const packed = new Set<TrainingRow['kind']>(['scene', 'page']);
  const held: Readonly<Record<string, SplitPart>> = { '1.2': 'holdout', '2.1': 'dev' };

  it('has each speech learnt once by each kind, as it stands, and nothing that is held out', () => {
    fc.assert(
      fc.property(somePlay, (play) => {
        const rows = trainingRows(sourceOf(play, undefined, held), options);
        const turns = sceneTurns(play)
          .filter(({ scene }) => !held[scene])
          .flatMap((scene) => scene.turns);
        const said = new Map(turns.map((turn) => [turn.place, turn]));
        for (const { turns: taught, kind } of rows) {
          expect(taught.at(-1)!.lossWeight).not.toBe(0);
          for (const { place, text, speaker, by } of kind === 'protective' ? [] : taught) {
            expect(said.get(place!)!.text).toContain(text);
            expect(said.get(place!)!.speaker).toBe(by ?? speaker);
          }
        }
        for (const kind of ['scene', 'own', 'page'] as const) {
          const learnt = rows
            .filter((row) => row.kind === kind)
            .flatMap((row) => row.turns.filter(({ lossWeight }) => lossWeight > 0));
          const spoken = turns.filter(({ words }) => words > 0);
          expect(
            learnt
              .filter(({ text }) => text !== '')
              .map(({ place }) => place)
              .sort(),
          ).toEqual(spoken.map(({ place }) => place).sort());
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has rows no longer than they may be, but for a single speech and its context', () => {
    fc.assert(
      fc.property(somePlay, (play) => {
        for (const { turns, kind } of trainingRows(sourceOf(play), options)) {
          const all = turns.reduce((sum, { text }) => sum + words(text).length, 0);
          const last = words(turns.at(-1)!.text).length;
          expect(all).toBeLessThanOrEqual(packed.has(kind) ? Math.max(most, last + 20) : last + 40);
        }
      }),
      { numRuns: 40 },
    );
  });
});
