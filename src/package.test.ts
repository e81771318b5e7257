import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Package {
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly description?: string;
    readonly scripts?: unknown;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
    readonly os?: readonly string[];
    readonly cpu?: readonly string[];
  };
  readonly files: readonly string[];
}

/** The packages that would be made of what lies here. */
const packages = JSON.parse(
  execFileSync(process.execPath, ['.ci/pack.mjs', '--list', '--all'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  }),
) as readonly Package[];
const own = `@dramatis/${process.platform}-${process.arch}`;

function named(name: string): Package {
  const found = packages.find(({ manifest }) => manifest.name === name);
  if (!found) throw new Error(`there is no package ${name}`);
  return found;
}

describe('Every package', () => {
  it('has no tests, no supports of tests, and no maps to sources that are not in it', () => {
    const unwanted =
      /\.test\.|\.bench\.|\.map$|tsbuildinfo|^dist\/(journeys|testing)\/|^native\/(test\/|format)|(^|\/)\.(?!$)|^(src|bench|build|node_modules)\/|\.gguf$|^data\/plays\//;
    const found = packages.flatMap(({ manifest, files }) =>
      files.filter((path) => unwanted.test(path)).map((path) => `${manifest.name}: ${path}`),
    );
    expect(found).toEqual([]);
  });

  it('runs no script where it is installed', () => {
    for (const { manifest } of packages) expect(manifest.scripts, manifest.name).toBeUndefined();
  });

  it('has a licence, and a bill of materials if it has parts of others', () => {
    for (const { manifest, files } of packages) expect(files, manifest.name).toContain('LICENSE');
    for (const name of ['dramatis', own, '@dramatis/source'])
      expect(named(name).files, name).toContain('sbom.cdx.json');
  });
});

describe('The package dramatis', () => {
  it('has the program, its types, the page, the catalogues and licences of what is built in', () => {
    const wanted = 'dist/index.js dist/index.d.ts dist/cli/main.js models/catalogue.json';
    const page = 'dist/server/page/index.html dist/server/page/page.js dist/server/page/style.css';
    const { files } = named('dramatis');
    expect(files).toEqual(expect.arrayContaining(`${wanted} ${page}`.split(' ')));
    expect(files).toContain('LICENSES/preact');
    expect(files.filter((path) => /^native\/|\.node$/.test(path))).toEqual([]);
  });

  it('has all that its modules and types import, and no module that nobody imports', () => {
    const { files } = named('dramatis');
    const have = new Set(files);
    const entries = ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js'];
    const wanted = new Set(entries);
    for (const file of wanted) {
      const text = readFileSync(`${root}${file}`, 'utf8');
      for (const [, to] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
        const path = join(dirname(file), to!);
        const ending = file.endsWith('.d.ts') ? '.d.ts' : '.js';
        if (/\.[jt]s$/.test(path)) wanted.add(path.replace(/\.[jt]s$/, ending));
      }
    }
    expect([...wanted].filter((file) => !have.has(file))).toEqual([]);
    const modules = files.filter((file) => /^dist\/(?!server\/page\/).*\.(js|ts)$/.test(file));
    expect(modules.filter((file) => !wanted.has(file))).toEqual([]);
  });

  it('depends on nothing that is compiled where it is installed', () => {
    const { dependencies } = named('dramatis').manifest;
    const compiled = /^(node-llama-cpp|cmake-js|node-addon-api|hnswlib-node)$|^@node-llama-cpp/;
    expect(Object.keys(dependencies!).length).toBeGreaterThan(10);
    expect(Object.keys(dependencies!).filter((name) => compiled.test(name))).toEqual([]);
  });

  it('asks for the compiled part by its own version, and for no module of a GPU', () => {
    const { optionalDependencies, version } = named('dramatis').manifest;
    expect(optionalDependencies).toEqual({ [own]: version });
  });
});

describe('The package of this system', () => {
  it('is for no other system, and has the addon, its libraries and their licences', () => {
    const { manifest, files } = named(own);
    expect([manifest.os, manifest.cpu]).toEqual([[process.platform], [process.arch]]);
    expect(files).toEqual(expect.arrayContaining(['dramatis.node', 'hnswlib.node', 'build.json']));
    if (process.platform === 'linux')
      expect(manifest.description).toMatch(/, glibc 2\.\d+, libstdc\+\+ with GLIBCXX_3\.4\.\d+$/);
    const licences = 'llama.cpp-LICENSE node-llama-cpp hnswlib-node'.split(' ');
    expect(files).toEqual(expect.arrayContaining(licences.map((name) => `LICENSES/${name}`)));
  });
});

describe('The package @dramatis/source', () => {
  it('has everything that building the addon reads', () => {
    const sources = readdirSync(`${root}native`, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(cc|h|cmake|mjs)$/.test(path) && !/^(test\/|format|cross)/.test(path))
      .map((path) => `native/${path}`);
    expect(sources.length).toBeGreaterThan(50);
    const theirs = ['llama.cpp/src/llama.cpp', 'llama.cpp/ggml/CMakeLists.txt'];
    const { files } = named('@dramatis/source');
    expect(files).toEqual(expect.arrayContaining([...sources, 'CMakeLists.txt', ...theirs]));
  });
});
