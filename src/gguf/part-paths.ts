import { basename, dirname, join } from 'node:path';

/** More parts than any published model has: a name that asks for more is taken as it stands. */
const mostParts = 1000;

/** What the name of a part says: which one it is, of how many, both from 1. */
export interface PartName {
  readonly part: number;
  readonly of: number;
}

/** Reads such a name as "model-00002-of-00003.gguf"; undefined for a file that is whole. */
export function partName(path: string): PartName | undefined {
  const [, part, of] = /-(\d{5})-of-(\d{5})\.gguf$/i.exec(basename(path)) ?? [];
  const found = { part: Number(part), of: Number(of) };
  return found.of > 1 && found.of <= mostParts && found.part >= 1 ? found : undefined;
}

/** The files of a model by the path of any of them, in order; of a model in one file, that file. */
export function partPaths(path: string): string[] {
  const named = partName(path);
  if (!named) return [path];
  const [, before, after] = /^(.*-)\d{5}(-of-\d{5}\.gguf)$/i.exec(basename(path))!;
  return Array.from({ length: named.of }, (_, i) => {
    const name = `${before}${String(i + 1).padStart(5, '0')}${after}`;
    return dirname(path) === '.' && !path.startsWith('.') ? name : join(dirname(path), name);
  });
}
