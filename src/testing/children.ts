import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Writes folders of the source as JavaScript under a temporary one, so that a child process, which knows nothing of
 * vitest, can import them and be killed.
 *
 * @param folders Folders under `src` that the child's imports reach; the files of `src` itself are always there.
 * @returns       The folder that `import` paths in a child's script start from, such as `store/journal.js`.
 */
export function emitFolders(...folders: readonly string[]): string {
  const target = mkdtempSync(join(tmpdir(), 'dramatis-child-'));
  const sources = ['', ...folders].flatMap((folder) =>
    readdirSync(join(root, 'src', folder))
      .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
      .map((name) => join(folder, name)),
  );
  for (const source of sources) {
    const { outputText } = ts.transpileModule(readFileSync(join(root, 'src', source), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2022,
        rewriteRelativeImportExtensions: true,
      },
    });
    mkdirSync(join(target, dirname(source)), { recursive: true });
    writeFileSync(join(target, source.replace(/\.ts$/, '.js')), outputText);
  }
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
  return target;
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
