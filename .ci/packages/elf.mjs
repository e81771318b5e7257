/** What compiled files ask of the system that loads them. */
import { execFileSync } from 'node:child_process';

/** The newest version of glibc that any of these ELF files asks for, such as "2.34": the oldest they run on. */
export function glibcFloor(files) {
  const said = execFileSync('readelf', ['--version-info', '--wide', ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const versions = [...said.matchAll(/\bGLIBC_(\d+)\.(\d+)/g)].map(([, a, b]) => [+a, +b]);
  versions.sort(([a, b], [c, d]) => a - c || b - d);
  return versions.at(-1).join('.');
}
