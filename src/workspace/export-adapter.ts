import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { decodeLora } from '../gguf/lora-gguf.ts';
import { encodePeft, peftFiles } from '../gguf/peft.ts';
import type { AdapterVersion } from '../registry/version.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { openBase } from './open-base.ts';
import { openRegistry } from './open-registry.ts';
import type { Workspace } from './workspace.ts';

/** A version of an adapter, and where it is to be written. */
export interface ExportOptions {
  /** The shortest start of the version's id that no other version has, in hex digits. */
  readonly id: string;
  /** A .gguf file, or a folder for PEFT's two files; neither may be there. */
  readonly to: string;
  /** The model it was trained on, for PEFT. Default: the one that the version names. */
  readonly model?: string | undefined;
  /** What PEFT's configuration calls that model. */
  readonly baseName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExportedAdapter {
  readonly version: AdapterVersion;
  /** Paths of what was written. */
  readonly files: readonly string[];
}

/**
 * Writes a version as a file, or as PEFT's two files into a folder.
 *
 * @throws {DramatisError} USAGE if something is there already; ADAPTER_UNKNOWN; ADAPTER_MISMATCH for another base.
 */
export async function exportAdapter(
  workspace: Workspace,
  options: ExportOptions,
): Promise<ExportedAdapter> {
  const { id, to } = options;
  const isThere = await stat(to).then(
    () => true,
    () => false,
  );
  if (isThere) throw new DramatisError('USAGE', `${to} is there already`);
  const { version, path } = await openRegistry(workspace).open(id);
  const bytes = await readFile(path);
  const files = /\.gguf$/i.test(to)
    ? [[to, bytes] as const]
    : await peftOf(workspace, options, version, decodeLora(bytes, path));
  for (const [file, content] of files) await writeAtomic(file, content);
  return { version, files: files.map(([file]) => file) };
}

/** The two files of PEFT, by path; what a tensor is called there follows from the base. */
async function peftOf(
  workspace: Workspace,
  { to, model, baseName, signal }: ExportOptions,
  { id, base: trainedOn }: AdapterVersion,
  lora: ReturnType<typeof decodeLora>,
): Promise<(readonly [path: string, content: string | Uint8Array])[]> {
  const name = model ?? trainedOn.name;
  const base = await openBase(workspace, name, signal);
  if (base.sha256 !== trainedOn.sha256) {
    const [wanted, given] = [trainedOn, base].map(({ sha256 }) => sha256.slice(0, 12));
    const message = `${id} is for the base ${wanted}; ${name} is ${given}`;
    throw new DramatisError('ADAPTER_MISMATCH', message, {
      remedy: 'Give the base it was trained on with --model.',
    });
  }
  const { config, weights } = encodePeft(lora, base.header, baseName ?? trainedOn.name);
  return [
    [join(to, peftFiles.weights), weights],
    [join(to, peftFiles.config), config],
  ];
}
