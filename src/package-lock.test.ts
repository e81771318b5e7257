import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly deprecated?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link);

/** Licences that may be given on with an MIT program, without a duty that its users could miss. */
const allowed = new Set([
  ...['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', '0BSD'],
  ...[
    'Unlicense',
    'CC0-1.0',
    'Python-2.0',
    '(BSD-2-Clause OR MIT OR Apache-2.0)',
    'MIT OR Apache-2.0',
  ],
]);

/**
 * Prebuilt binaries of other platforms that no registry here gives, so that they are not pinned: those who install there get
 * what their registry has under the version, as llama.cpp's own package asks.
 */
const unpinned = /\/@node-llama-cpp\/(linux-riscv64|mac-arm64-metal|mac-x64|win-[a-z0-9-]+)$/;

describe('The lock file', () => {
  it('pins what is fetched by its checksum, on every platform, but for what it is said of', () => {
    const open = packages.filter(([, { integrity }]) => integrity === undefined);
    expect(open.map(([path]) => path).filter((path) => !unpinned.test(path))).toEqual([]);
  });

  it('has every optional package of every platform', () => {
    const known = packages.map(([path]) => path);
    const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !known.some((one) => one.endsWith(`node_modules/${name}`)))
        .map((name) => `${path} → ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('has nothing for a user that its makers have given up', () => {
    const given = packages.filter(([, { dev, deprecated }]) => !dev && deprecated !== undefined);
    expect(given.map(([path, { deprecated }]) => `${path}: ${deprecated}`)).toEqual([]);
  });

  it('has only licences that an MIT program may be given on with', () => {
    const others = packages
      .filter(([path, { dev }]) => !dev && !unpinned.test(path))
      .filter(([, { license }]) => license === undefined || !allowed.has(license))
      .map(([path, { license }]) => `${path}: ${license}`);
    expect(others).toEqual([]);
  });
});
