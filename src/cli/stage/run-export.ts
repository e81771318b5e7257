import type { ExportName } from '../../stage/export/export-names.ts';
import { sceneExports } from '../../stage/export/exports.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { messages, output } from '../terminal/output.ts';
import { openScene } from './open-scene.ts';

interface ExportRequest {
  readonly scene: string;
  readonly to: ExportName;
  /** File to write; stdout if it is left out. */
  readonly out: string | undefined;
}

/** `dramatis stage export` */
export async function runExport({ scene, to, out }: ExportRequest): Promise<void> {
  const { state, id } = await openScene(scene);
  const text = sceneExports[to].write(state);
  if (out === undefined) {
    output.file(text);
    return;
  }
  await writeAtomic(out, text);
  messages.line(`wrote scene ${id} to ${out}`);
}
