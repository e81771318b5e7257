import { originalRows, originalScenes } from '../../eval/scenes/original-scenes.ts';
import { type MeasuredPlay, measuredPlay } from '../../eval/scenes/scene-figures.ts';
import {
  type AnchorResult,
  type ArmResults,
  anchorResult,
  armDifference,
  armResults,
  type MeasuredScene,
  type SceneTaskResults,
} from '../../eval/scenes/scene-results.ts';
import { scriptOfTurns } from '../../eval/scenes/scene-script.ts';
import { shippedTurnBands } from '../../eval/turn-bands.ts';
import type { OneRun } from './one-run.ts';
import { type ArmRun, seedNames, situationsOf, type TaskPlan } from './scene-pieces.ts';
import type { SceneRun } from './scene-run.ts';

/** The figures of all scenes of a task that are there. */
export async function taskFigures(
  run: OneRun,
  plan: TaskPlan,
  { originals, arms }: { readonly originals: SceneRun; readonly arms: readonly ArmRun[] },
): Promise<SceneTaskResults> {
  const { task, situations } = plan;
  const speakers = new Set(situations.flatMap(({ cast }) => cast));
  const plays = new Map(
    situations.map(({ source }) => [source.id, measuredPlay(source.play, speakers)] as const),
  );
  const measured = await Promise.all(
    arms.map(async (one) => ({ arm: one.arm, scenes: await scenesOf(run, plan, one, plays) })),
  );
  const bands = shippedTurnBands()[task === 'duet' ? 'two' : 'several'];
  const results = measured.map((one) => armResults(one, bands));
  const printed = originalRows.map((row) =>
    armResults({ arm: { name: row }, scenes: printedScenes(run, plan, originals, row) }, bands),
  );
  const [first, ...others] = results;
  return {
    task,
    situations: Object.fromEntries(situations.map(({ id, split }) => [id, split])),
    originals: printed,
    arms: results,
    differences: others.map((other) => armDifference(other, first!)),
    anchors: anchorsOf(printed),
  };
}

function anchorsOf(printed: readonly ArmResults[]): readonly AnchorResult[] {
  const [original, shuffled, swapped] = printed;
  return [
    anchorResult('cue gain', original!, shuffled!),
    anchorResult('adjacent overlap', original!, shuffled!),
    anchorResult('voice', original!, swapped!),
  ].filter((one) => one !== undefined);
}

function printedScenes(
  run: OneRun,
  { situations }: TaskPlan,
  kept: SceneRun,
  row: string,
): readonly MeasuredScene[] {
  return situations.flatMap(({ id, at, source }) =>
    originalScenes(source, { id, at }, run.turns)
      .filter((scene) => scene.row === row)
      .map(({ figures, turns }) => ({
        situation: id,
        figures: { ...figures, ...kept.of(id, row)?.judged },
        end: 'printed',
        script: { situation: id, which: row, turns: scriptOfTurns(turns) },
      })),
  );
}

async function scenesOf(
  run: OneRun,
  plan: TaskPlan,
  { arm, run: kept }: ArmRun,
  plays: ReadonlyMap<string, MeasuredPlay>,
): Promise<readonly MeasuredScene[]> {
  const scenes: MeasuredScene[] = [];
  for (const { id, source } of situationsOf(plan, arm))
    for (const which of seedNames(run)) {
      const record = kept.of(id, which);
      const scene = record && (await kept.measured(record, plays.get(source.id)!));
      if (scene) scenes.push(scene);
    }
  return scenes;
}
