import { DramatisError } from '../errors.ts';
import { checkLoadable } from './check-loadable.ts';
import { GgufHeader } from './header.ts';
import { HeaderFault } from './parse-header.ts';
import { partName, partPaths } from './part-paths.ts';
import { readHeader } from './read-header.ts';

/**
 * Reads and checks the header of a model, which may lie in several files: metadata of the first, tensors of all. Each
 * tensor's offset counts from the start of the file that it lies in; `fileBytes` is the length of all files together.
 *
 * @param path Of the only file, or of the first of several.
 * @throws {DramatisError} FILE_MISSING, also for a part that is not there; GGUF_INVALID with what is wrong.
 */
export async function readModelHeader(path: string): Promise<GgufHeader> {
  const first = await readHeader(path);
  const count = first.number('split.count') ?? 1;
  if (count <= 1) return first;
  const refuse = (reason: string, remedy?: string): never => {
    throw new DramatisError('GGUF_INVALID', `${path}: ${reason}`, remedy ? { remedy } : {});
  };
  const number = first.number('split.no') ?? 0;
  const paths = partPaths(path);
  if (number !== 0)
    refuse(
      `it is part ${number + 1} of ${count}`,
      paths.length > 1 ? `Give the first part: ${paths[0]}` : 'Give the first part.',
    );
  if (paths.length !== count || partName(path)?.part !== 1)
    refuse(
      `it is part 1 of ${count}, which its name does not say`,
      `Rename the parts to NAME-00001-of-${String(count).padStart(5, '0')}.gguf and so on.`,
    );
  const headers = [first, ...(await otherParts(paths))];
  try {
    const joined = joinHeaders(headers, paths);
    checkLoadable(joined);
    return joined;
  } catch (error) {
    if (error instanceof HeaderFault) return refuse(error.message);
    throw error;
  }
}

async function otherParts([, ...paths]: readonly string[]): Promise<GgufHeader[]> {
  const headers: GgufHeader[] = [];
  for (const [i, path] of paths.entries()) {
    try {
      headers.push(await readHeader(path));
    } catch (error) {
      if (!(error instanceof DramatisError) || error.code !== 'FILE_MISSING') throw error;
      throw new DramatisError(
        'FILE_MISSING',
        `part ${i + 2} of ${paths.length + 1} of the model is missing: ${path}`,
        { cause: error, remedy: 'Put all parts into one folder, or fetch the missing one.' },
      );
    }
  }
  return headers;
}

/** @throws {HeaderFault} If the files are not the parts of one model. */
function joinHeaders(headers: readonly GgufHeader[], paths: readonly string[]): GgufHeader {
  const [first] = headers;
  const seen = new Set<string>();
  for (const [i, header] of headers.entries()) {
    const number = header.number('split.no');
    const count = header.number('split.count');
    if (number !== i || count !== headers.length)
      throw new HeaderFault(
        `${paths[i]} should be part ${i + 1} of ${headers.length}, and says that it is ${(number ?? -1) + 1} of ${count ?? 1}`,
      );
    for (const { name } of header.tensors) {
      if (seen.has(name)) throw new HeaderFault(`tensor "${name}" is in two of its parts`);
      seen.add(name);
    }
  }
  const tensors = headers.flatMap((header) => header.tensors);
  const promised = first!.number('split.tensors.count');
  if (promised !== undefined && promised !== tensors.length)
    throw new HeaderFault(
      `its ${headers.length} parts hold ${tensors.length} tensors together, ${promised} were expected`,
    );
  return new GgufHeader({
    version: first!.version,
    metadata: first!.metadata,
    tensors,
    dataOffset: first!.dataOffset,
    fileBytes: headers.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
  });
}
