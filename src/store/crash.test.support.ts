import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Puts this folder as JavaScript under a temporary one, so that a child process, which knows nothing
 * of vitest, can import it and be killed.
 *
 * @returns The folder that `import` paths in a child's script start from, such as `store/journal.js`.
 */
export async function emitStore(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dramatis-store-'));
  await mkdir(join(folder, 'store'));
  const sources = readdirSync(join(root, 'src/store')).filter((name) => !name.includes('.test.'));
  for (const source of ['errors.ts', ...sources.map((name) => `store/${name}`)]) {
    const { outputText } = ts.transpileModule(readFileSync(join(root, 'src', source), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
      },
    });
    writeFileSync(join(folder, source.replace(/\.ts$/, '.js')), outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** A child process that runs `script` as a module lying in `folder`; its stdout is collected. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves when it is gone, with its exit code (null when killed) and all it printed. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

export function startChild(folder: string, script: string): Child {
  const file = join(folder, `child-${Math.random().toString(36).slice(2)}.js`);
  writeFileSync(file, script);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, ended };
}
