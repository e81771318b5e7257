/** What compiled files ask of the system that loads them. */
import { execFileSync } from 'node:child_process';

/**
 * The newest version of a library that any of these ELF files asks for: the oldest they run on.
 *
 * @param symbol What the library calls its versions: "GLIBC" gives such as "2.34", "GLIBCXX" of libstdc++ such as "3.4.29".
 */
export function versionFloor(files, symbol) {
  const said = execFileSync('readelf', ['--version-info', '--wide', ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, LC_ALL: 'C' },
  });
  const versions = [...said.matchAll(new RegExp(`\\b${symbol}_(\\d+(\\.\\d+)*)`, 'g'))];
  return versions
    .map(([, version]) => version)
    .sort(byNumbers)
    .at(-1);
}

function byNumbers(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const differs = a.findIndex((number, i) => number !== b[i]);
  return differs < 0 ? a.length - b.length : a[differs] - (b[differs] ?? 0);
}
