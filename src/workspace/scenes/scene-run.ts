import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MeasuredPlay } from '../../eval/scenes/scene-figures.ts';
import { sceneFigures } from '../../eval/scenes/scene-figures.ts';
import type { MeasuredScene } from '../../eval/scenes/scene-results.ts';
import { scriptOfScene } from '../../eval/scenes/scene-script.ts';
import type { Values } from '../../measure/row.ts';
import { readScene } from '../../stage/past-scenes.ts';
import type { StageState } from '../../stage/state.ts';
import type { JournalFault } from '../../store/journal.ts';
import { type RunConfig, RunFolder } from '../../store/run-folder.ts';

/** Name of the folder of transcripts, inside a run's. */
const folder = 'scenes';

/** A scene that was played to its end, or a row of the play's own turns. */
export interface SceneRecord {
  /** Id of the situation. */
  readonly situation: string;
  /** Which of the situation's scenes: a seed counted from 1, or the row of the play's own turns. */
  readonly which: string;
  /** File name of its transcript; missing for the play's own turns. */
  readonly transcript?: string | undefined;
  /** What models said of it. */
  readonly judged: Values;
}

interface SceneRunOptions {
  readonly config: RunConfig;
  /** Gives up what an earlier run has left. */
  readonly fresh: boolean;
  /** Is told, in a sentence, of what an earlier run has left damaged. */
  readonly warn: (text: string) => void;
}

/**
 * The scenes of one arm in a folder of their own. It is never over: another run that asks for the same arm, with more seeds or
 * situations too, plays only what is missing.
 */
export class SceneRun {
  /** Where transcripts are kept. */
  readonly folder: string;
  readonly #run: RunFolder<SceneRecord>;
  readonly #records: Map<string, SceneRecord>;
  /** Lines of the journal that could not be read. */
  readonly faults: readonly JournalFault[];

  private constructor(
    run: RunFolder<SceneRecord>,
    records: Map<string, SceneRecord>,
    faults: readonly JournalFault[],
  ) {
    this.#run = run;
    this.folder = join(run.path, folder);
    this.#records = records;
    this.faults = faults;
  }

  /**
   * @param parent  Folder of all runs.
   * @throws {DramatisError} STORE_UNWRITABLE
   */
  static async open(
    parent: string,
    label: string,
    { config, fresh, warn }: SceneRunOptions,
  ): Promise<SceneRun> {
    if (fresh) await RunFolder.abandon(parent, config);
    const run =
      (await RunFolder.unfinished<SceneRecord>(parent, config, warn)) ??
      (await RunFolder.create<SceneRecord>(parent, label, config, {}));
    const { records, faults } = await run.events.read();
    return new SceneRun(
      run,
      // What has no transcript any more is played again.
      new Map(
        records
          .filter(({ transcript }) => !transcript || existsSync(join(run.path, folder, transcript)))
          .map((record) => [keyOf(record), record]),
      ),
      faults,
    );
  }

  get path(): string {
    return this.#run.path;
  }

  of(situation: string, which: string): SceneRecord | undefined {
    return this.#records.get(keyOf({ situation, which }));
  }

  async add(record: SceneRecord): Promise<void> {
    await this.#run.events.append(record);
    this.#records.set(keyOf(record), record);
  }

  /** A scene with its figures, read off its transcript anew; undefined where that is gone. */
  async measured(
    { situation, which, transcript, judged }: SceneRecord,
    play: MeasuredPlay,
  ): Promise<MeasuredScene | undefined> {
    if (transcript === undefined) return undefined;
    const scene = await readScene(join(this.folder, transcript)).catch(() => undefined);
    if (!scene) return undefined;
    const figures = { ...sceneFigures(scene.state, play), ...judged };
    const script = { situation, which, turns: scriptOfScene(scene.state) };
    return { situation, figures, end: endOf(scene.state), script };
  }
}

const keyOf = ({ situation, which }: Pick<SceneRecord, 'situation' | 'which'>): string =>
  JSON.stringify([situation, which]);

/** Why a scene is over: one that a detector has paused is "paused". */
function endOf({ end, isPaused }: StageState): string {
  return end?.reason ?? (isPaused ? 'paused' : 'open');
}
