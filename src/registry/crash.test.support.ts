import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { emitStore } from '../store/crash.test.support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Puts this folder and what it stands on as JavaScript under a temporary one, so that a child process can import it
 * and be killed.
 *
 * @returns As `emitStore`.
 */
export async function emitRegistry(): Promise<string> {
  const target = await emitStore();
  for (const folder of ['gguf', 'registry']) {
    mkdirSync(join(target, folder));
    for (const name of readdirSync(join(root, 'src', folder))) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
      const { outputText } = ts.transpileModule(
        readFileSync(join(root, 'src', folder, name), 'utf8'),
        {
          compilerOptions: {
            module: ts.ModuleKind.ESNext,
            target: ts.ScriptTarget.ES2022,
            rewriteRelativeImportExtensions: true,
          },
        },
      );
      writeFileSync(join(target, folder, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  return target;
}

/** The start of a child's script: a registry in `folder`, and `added(seed)`. */
export const childStart = (folder: string): string => `
  import { writeSync } from 'node:fs';
  import { Registry } from './registry/registry.js';
  import { tinyBase, tinyBytes, tinyDetails } from './registry/tiny.test.support.js';
  const registry = new Registry(${JSON.stringify(folder)});
  const base = await tinyBase();
  const added = async (seed) => registry.add(await tinyBytes(seed), tinyDetails(base), base);
  // Synchronous, so that what was said was heard: a pipe's buffer outlives its writer.
  const acknowledge = (line) => writeSync(1, line + '\\n');
  const by = 'a child';
`;
