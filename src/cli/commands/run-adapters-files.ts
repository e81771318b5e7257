import { type ExportOptions, exportAdapter } from '../../workspace/export-adapter.ts';
import { type ImportOptions, importAdapter } from '../../workspace/import-adapter.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';

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
}

/** `dramatis adapters export`: a version as a file, or as PEFT's two files in a folder. */
export async function runExport(request: ExportOptions & Printed): Promise<void> {
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const { version, files } = await exportAdapter(dramatis, request);
  if (request.json) output.json({ id: version.id, files });
  else output.line(files.join('\n'));
}
