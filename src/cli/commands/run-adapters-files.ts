import type { Json } from '../../registry/version.ts';
import { type ExportOptions, exportAdapter } from '../../workspace/export-adapter.ts';
import { type ImportOptions, importAdapter } from '../../workspace/import-adapter.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';

interface Printed extends WorkspaceOptions {
  readonly json: boolean;
}

/** `dramatis adapters import`: an adapter that was trained elsewhere becomes a version here. */
export async function runImport(request: ImportOptions & Printed): Promise<void> {
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const version = await importAdapter(dramatis, request);
  const { id, character, play, base } = version;
  if (request.json) output.json(version);
  else output.line(`${id}  ${character ?? '(all)'}, ${play}, ${base.name}`);
  const lost = lossOf(version.recipe);
  if (lost !== undefined) messages.line(lost);
}

/** A sentence for the reader where an adapter was brought to a lower rank. */
function lossOf(recipe: Json): string | undefined {
  if (typeof recipe !== 'object' || recipe === null || Array.isArray(recipe)) return undefined;
  const { reduced } = recipe as Readonly<Record<string, Json>>;
  if (typeof reduced !== 'object' || reduced === null) return undefined;
  const { from, to, loss } = reduced as Readonly<Record<string, Json>>;
  return `Its rank was ${from}, and ${to} is the most: ${(Number(loss) * 100).toFixed(2)} % of its effect was left out.`;
}

/** `dramatis adapters export`: a version as a file, or as PEFT's two files in a folder. */
export async function runExport(request: ExportOptions & Printed): Promise<void> {
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const { version, files } = await exportAdapter(dramatis, request);
  if (request.json) output.json({ id: version.id, files });
  else output.line(files.join('\n'));
}
