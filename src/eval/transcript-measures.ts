import type { Values } from '../measure/row.ts';
import type { Play } from '../play/play.ts';
import { properNames } from '../play/proper-names.ts';
import { guardedPlay } from '../stage/guards/guarded-play.ts';
import { playVoices } from './play-voices.ts';
import type { SceneTurn } from './task.ts';
import { type MeasuredTurn, turnMeasures, turnMetrics } from './turn-measures.ts';
import { turnOrder } from './turn-order.ts';

/**
 * What conversations are like, by the names of the metrics of `duet` and `quartet`: all turns pooled, the Ginis and the entropy as means.
 * A figure that cannot be told is missing.
 *
 * @param scenes Of turns by members of the cast, or the visitor.
 */
export function transcriptMeasures(scenes: readonly (readonly SceneTurn[])[], play: Play): Values {
  const facts = {
    names: properNames(play),
    order: turnOrder(play),
    guarded: guardedPlay(play),
    scene: '',
  };
  const voiceOf = playVoices(play, new Set(scenes.flat().map(({ speaker }) => speaker)));
  const rows = scenes
    .filter((turns) => turns.length > 0)
    .map((turns) => {
      const speakers = [...new Set(turns.map(({ speaker }) => speaker))];
      const measured = turns.map(
        (turn): MeasuredTurn => ({ ...turn, voice: voiceOf(turn, speakers) }),
      );
      const item = { id: '', task: '', scene: '', place: '' };
      return { item, answers: [], values: turnMeasures(measured, { ...facts, speakers }) };
    });
  const figures = turnMetrics.map(({ name, of }): [string, number] => [
    name,
    of ? of(rows) : rows.reduce((sum, { values }) => sum + values[name]!, 0) / rows.length,
  ]);
  return Object.fromEntries(figures.filter(([, value]) => !Number.isNaN(value)));
}
