/**
 * clang-format over native/: checks, or rewrites with --write. The version is pinned, since formatters
 * differ; where it is not installed it comes from PyPI into the build cache.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const version = '14.0.6';
const root = path.resolve(import.meta.dirname, '..');
const files = fs
  .readdirSync(path.join(root, 'native'), { recursive: true })
  .filter((name) => /\.(cc|h)$/.test(name))
  .map((name) => path.join(root, 'native', name));
const write = process.argv.includes('--write');
const { status } = spawnSync(
  clangFormat(),
  [...(write ? ['-i'] : ['--dry-run', '-Werror']), ...files],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);

function clangFormat() {
  const found = spawnSync('clang-format', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  if (found.includes(`version ${version}`)) return 'clang-format';
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'dramatis', `clang-format-${version}`);
  const tool = path.join(folder, 'clang_format', 'data', 'bin', 'clang-format');
  if (!fs.existsSync(tool)) {
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-deps',
      '--target',
      folder,
      `clang-format==${version}`,
    ];
    execFileSync('python3', pip, { stdio: 'inherit' });
  }
  // The package's script is a Python wrapper; the program itself lies beside its module.
  return tool;
}
