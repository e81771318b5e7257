import type { Source } from '#dramatis/corpus/source.js';
import { splitOf } from '#dramatis/corpus/splits/split.js';
import { shippedTurnBands, turnProfile } from '#dramatis/eval/turn-bands.js';
import { turnMeasures, turnMetrics } from '#dramatis/eval/turn-measures.js';
import { turnOrder } from '#dramatis/eval/turn-order.js';
import { openPlay } from '#dramatis/hub/plays.js';
import { properNames } from '#dramatis/play/proper-names.js';
import type { Policy } from '#dramatis/stage/events.js';
import { guardedPlay } from '#dramatis/stage/guards/guarded-play.js';
import { scheduledScene } from '#dramatis/testing/scheduled-scene.js';
import type { Row } from './record.ts';

const runs = 200;
const policies = ['turn-model', 'random', 'round-robin', 'aba'] as const;
/** What a policy decides; the words are the characters' own, whoever speaks when. */
const ofOrder = [
  'ABA',
  'turn Gini',
  'word Gini',
  'speaker entropy',
  'turn nats',
  'who is called answers',
];

/**
 * Who speaks in scenes of 24 turns, by policy: four who share a scene of Hamlet or Macbeth, in any lines of theirs. A row
 * is the mean over 400 scenes, beside the band of the plays' own windows and the share of the scenes that lie inside.
 */
export async function* run(): AsyncGenerator<Row> {
  const sources = await Promise.all(
    ['hamlet', 'macbeth'].map(async (id): Promise<Source> => {
      const { play, sha256 } = await openPlay(id, {});
      return { id, play, sha256, split: splitOf(id, play) };
    }),
  );
  const bands = shippedTurnBands().several;
  for (const policy of policies) {
    const rows = (await Promise.all(sources.map((source) => scenesOf(source, policy)))).flat();
    const standings = rows.map((row) => turnProfile(row, bands));
    for (const name of ofOrder) {
      const figures = rows.map((row) => row[name]!).filter((figure) => !Number.isNaN(figure));
      const inside = standings.filter((standing) => standing[name] === 'inside').length;
      const { unit } = turnMetrics.find((metric) => metric.name === name)!;
      yield {
        bench: 'turns',
        name: `${policy}: ${name}`,
        unit,
        median: mean(figures),
        with: {
          is: 'mean',
          scenes: figures.length,
          inside: inside / figures.length,
          ...bands[name],
        },
      };
    }
  }
}

/** The figures of each scene. */
async function scenesOf(
  { play }: Source,
  policy: Policy,
): Promise<Readonly<Record<string, number>>[]> {
  const facts = {
    names: properNames(play),
    order: turnOrder(play),
    guarded: guardedPlay(play),
    scene: '',
  };
  const figures: Record<string, number>[] = [];
  for (let seed = 0; seed < runs; seed++) {
    const { turns, onStage } = await scheduledScene(play, policy, seed);
    const said = turns.map(({ who, text }) => ({ speaker: who, text }));
    const values = turnMeasures(said, { ...facts, speakers: onStage });
    const row = { item: { id: '', task: '', scene: '', place: '' }, answers: [], values };
    figures.push(
      Object.fromEntries(turnMetrics.map(({ name, of }) => [name, of ? of([row]) : values[name]!])),
    );
  }
  return figures;
}

function mean(figures: readonly number[]): number {
  return Number((figures.reduce((sum, one) => sum + one, 0) / figures.length).toFixed(4));
}
