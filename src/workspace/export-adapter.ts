import { readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DramatisError } from '../errors.ts';
import { decodeLora } from '../gguf/lora-gguf.ts';
import { encodePeft, peftFiles } from '../gguf/peft.ts';
import type { AdapterVersion } from '../registry/version.ts';
import { makeFolder } from '../store/make-folder.ts';
import { takePlace } from '../store/take-place.ts';
import { temporaryPath } from '../store/temporary.ts';
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
  if (/\.gguf$/i.test(to)) {
    await writeAtomic(to, bytes);
    return { version, files: [to] };
  }
  const files = await peftOf(workspace, options, version, decodeLora(bytes, path));
  await writeFolder(to, files);
  return { version, files: Object.keys(files).map((name) => join(to, name)) };
}

/** Writes files into a new folder, which is there with all of them or not at all. */
async function writeFolder(
  to: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await makeFolder(dirname(resolve(to)));
  const made = temporaryPath(resolve(to));
  try {
    for (const [name, content] of Object.entries(files))
      await writeAtomic(join(made, name), content);
    await takePlace(made, to);
  } finally {
    // The first failure is the one to report.
    await rm(made, { recursive: true, force: true }).catch(() => {});
  }
}

/** The two files of PEFT, by name; what a tensor is called there follows from the base. */
async function peftOf(
  workspace: Workspace,
  { model, baseName, signal }: ExportOptions,
  { id, base: trainedOn }: AdapterVersion,
  lora: ReturnType<typeof decodeLora>,
): Promise<Record<string, string | Uint8Array>> {
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
  return { [peftFiles.weights]: weights, [peftFiles.config]: config };
}
