/** What each package that is published holds, as its package.json and a list of files. Nothing is written here. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { packageFolder } from '../../native/llama-source.mjs';
import { versionFloor } from './elf.mjs';
import { installedWith } from './lock.mjs';
import { reachedFrom } from './reached.mjs';
import { billOfMaterials } from './sbom.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const own = readJson(path.join(root, 'package.json'));
const { version, license, engines, type, bin, exports } = own;
/** Dependencies whose compiled part is in the package of a platform: nothing is compiled where that is installed. */
const compiledIn = ['hnswlib-node'];
const nodeLlamaCpp = own.devDependencies['node-llama-cpp'];

/** Modules for GPUs, each a package that is installed by choice and brings node-llama-cpp's of the same ggml. */
const gpuPackages = [
  ['@dramatis/cuda13-linux-x64', '@node-llama-cpp/linux-x64-cuda', 'CUDA 13'],
  ['@dramatis/cuda12-linux-x64', '@node-llama-cpp/linux-x64-cuda-ext', 'CUDA 12'],
  ['@dramatis/vulkan-linux-x64', '@node-llama-cpp/linux-x64-vulkan', 'Vulkan'],
];

/**
 * The package `dramatis`: the compiled program with its data, for all platforms.
 *
 * @param platforms Those that have a package, such as "linux-x64".
 */
export function mainPackage(platforms) {
  const { dependencies: all, description } = own;
  const dependencies = omit(all, compiledIn);
  const optional = ['@dramatis/source', ...gpuPackages.map(([name]) => name)];
  const bundled = installedWith(root, ['preact', '@preact/signals']);
  const manifest = {
    ...{ name: own.name, version, description, license, type, engines, bin, exports },
    dependencies,
    optionalDependencies: ofVersion(platforms.map((name) => `@dramatis/${name}`)),
    peerDependencies: ofVersion(optional),
    peerDependenciesMeta: Object.fromEntries(optional.map((name) => [name, { optional: true }])),
  };
  return {
    manifest,
    files: [
      ...publishedFiles(),
      ...licences(bundled.map(({ name }) => [name, packageFolder(root, name)])),
      {
        path: 'sbom.cdx.json',
        text: billOfMaterials(manifest, [
          ...installedWith(root, Object.keys(dependencies)),
          ...bundled,
        ]),
      },
    ],
  };
}

/**
 * The package of a platform: the addon and the libraries that it loads.
 *
 * @param platform Such as "linux-x64".
 * @param folder   Where they were built: build/Release, or where another machine's were brought.
 * @param source   Folder of llama.cpp's source, if it is laid out already.
 */
export function platformPackage(platform, folder, source) {
  const [os, cpu] = platform.split('-');
  const name = `@dramatis/${platform}`;
  const compiled = fs
    .readdirSync(folder)
    .filter((file) =>
      /^(dramatis\.node|hnswlib\.node|(lib)?ggml-(base|cpu|blas|metal|rpc).*)$/.test(file),
    )
    .sort()
    .map((file) => ({
      path: file,
      from: path.join(folder, file),
      isOurs: /^dramatis\.node$|ggml-rpc/.test(file),
    }));
  if (isHere(platform) && !compiled.some(({ path }) => path === 'hnswlib.node'))
    compiled.push({
      path: 'hnswlib.node',
      from: path.join(packageFolder(root, 'hnswlib-node'), 'build/Release/addon.node'),
      isOurs: true,
    });
  const floor = (symbol) =>
    versionFloor(
      compiled.map(({ from }) => from),
      symbol,
    );
  const [glibc, glibcxx] = os === 'linux' ? [floor('GLIBC'), floor('GLIBCXX')] : [];
  const manifest = {
    ...{ name, version, license: 'MIT AND Apache-2.0' },
    description: `The compiled part of dramatis for ${os} ${cpu}${glibc ? `, glibc ${glibc}, libstdc++ with GLIBCXX_${glibcxx}` : ''}`,
    ...{ os: [os], cpu: [cpu], ...(glibc && { libc: ['glibc'] }), preferUnplugged: true },
  };
  const facts = {
    ...{ version, platform: os, arch: cpu },
    ...(glibc && { libc: { family: 'glibc', version: glibc } }),
    nodeLlamaCpp,
  };
  return {
    manifest,
    files: [
      ...compiled,
      { path: 'build.json', text: toJson(facts) },
      ...nativeLicences(source),
      { path: 'sbom.cdx.json', text: billOfMaterials(manifest, nativeParts()) },
      readme(
        name,
        `The compiled part of dramatis for ${os} ${cpu}. It is installed with dramatis.`,
      ),
    ],
  };
}

/**
 * The package `@dramatis/source`: what "dramatis build" compiles.
 *
 * @param source Folder of the patched llama.cpp.
 */
export function sourcePackage(source) {
  const name = '@dramatis/source';
  const manifest = {
    ...{
      name,
      version,
      license: 'MIT',
      description: 'The source of the compiled part of dramatis',
    },
    dependencies: pick(own.devDependencies, ['cmake-js', 'node-addon-api']),
  };
  const ours = filesUnder(path.join(root, 'native'), 'native').filter(
    ({ path }) => !/^native\/(test\/|patches\/|format|cross|README)/.test(path),
  );
  const theirs = filesUnder(source, 'llama.cpp').filter(({ path }) => isCompiled.test(path));
  return {
    manifest,
    files: [
      { path: 'CMakeLists.txt', from: path.join(root, 'CMakeLists.txt') },
      ...ours,
      ...theirs,
      { path: 'LICENSE', from: path.join(root, 'LICENSE') },
      { path: 'sbom.cdx.json', text: billOfMaterials(manifest, nativeParts()) },
      readme(name, 'What "npx dramatis build" compiles, where there is no package for a system.'),
    ],
  };
}

/** The parts of llama.cpp's source that are read when the addon is compiled. */
const isCompiled = new RegExp(
  `^llama\\.cpp/(${[
    'LICENSE$|licenses/|include/|src/|vendor/nlohmann/',
    'common/(.*\\.h|json-schema-to-grammar\\.cpp|json-schema\\.cpp|json\\.cpp|trie\\.cpp|unicode\\.cpp)$',
    'ggml/(CMakeLists\\.txt$|cmake/|include/|src/[^/]+$|src/ggml-(cpu|blas|metal|cuda|rpc)/)',
  ].join('|')})(?!.*\\.gitignore$)`,
);

/** The packages that bring a module for a GPU. */
export function gpuModulePackages() {
  return gpuPackages.map(([name, origin, what]) => ({
    manifest: {
      ...{ name, version, license: 'MIT', description: `dramatis on a GPU by ${what}` },
      ...{ os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
      dependencies: { [origin]: nodeLlamaCpp },
    },
    files: [
      { path: 'LICENSE', from: path.join(root, 'LICENSE') },
      readme(
        name,
        `Lets dramatis compute on a GPU by ${what}: "npx dramatis doctor" says whether it does.`,
      ),
    ],
  }));
}

/**
 * What npm would pack here: the list `files` of package.json, but for package.json itself, and for compiled modules that
 * neither the program nor who imports it comes to. Unpacking thousands of small files is most of what an install takes.
 */
function publishedFiles() {
  const entries = ['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js'];
  const reached = reachedFrom(entries.map((name) => path.join(root, name)));
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(said)[0]
    .files.map(({ path }) => path)
    .filter((path) => path !== 'package.json')
    .map((name) => ({ path: name, from: path.join(root, name) }))
    .filter(({ path: name, from }) => !isModule.test(name) || reached.has(from));
}

/** Compiled modules of Node's side: those of the page are in one file. */
const isModule = /^dist\/(?!server\/page\/).*\.(js|d\.ts)$/;

/** Licences of what is compiled into the addon or lies beside it. */
function nativeLicences(source) {
  return [
    { path: 'LICENSE', from: path.join(root, 'LICENSE') },
    ...licences(
      ['node-llama-cpp', 'hnswlib-node', 'node-addon-api', 'node-api-headers'].map((name) => [
        name,
        packageFolder(root, name),
      ]),
    ),
    ...(source ? licencesOf(source) : bundledLicences()).map(([name, text]) => ({
      path: `LICENSES/llama.cpp-${path.basename(name)}`,
      text,
    })),
  ];
}

/** What is compiled into the addon or lies beside it, for the bill of materials. */
function nativeParts() {
  const { tag } = readJson(path.join(llamaFolder(), 'llama.cpp.info.json'));
  const github = (name, at) => `pkg:github/${name}@${at}`;
  return [
    { name: 'llama.cpp', version: tag, license: 'MIT', purl: github('ggml-org/llama.cpp', tag) },
    ...installedWith(root, ['node-llama-cpp', 'hnswlib-node', 'node-addon-api']).filter(
      ({ name }) => ['node-llama-cpp', 'hnswlib-node', 'node-addon-api'].includes(name),
    ),
  ];
}

/** llama.cpp's own licence and those of what it includes, as the bundle of its source has them. */
function bundledLicences() {
  const clone = fs.mkdtempSync(path.join(root, 'build', 'licences-'));
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });
  try {
    git('clone', '--quiet', '--bare', path.join(llamaFolder(), 'gitRelease.bundle'), clone);
    const names = git('-C', clone, 'ls-tree', '-r', '--name-only', 'HEAD', 'LICENSE', 'licenses/');
    return names
      .trim()
      .split('\n')
      .map((name) => [name, git('-C', clone, 'show', `HEAD:${name}`)]);
  } finally {
    fs.rmSync(clone, { recursive: true });
  }
}

/** The same, from the source that is laid out. */
function licencesOf(source) {
  return filesUnder(source, '')
    .filter(({ path }) => /^(LICENSE$|licenses\/)/.test(path))
    .map(({ path, from }) => [path, fs.readFileSync(from, 'utf8')]);
}

function licences(folders) {
  return folders.map(([name, folder]) => {
    const file = fs.readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|$)/i.test(one));
    if (!file) throw new Error(`${name} has no file with its licence`);
    return {
      path: `LICENSES/${name.replace(/^@/, '').replace('/', '-')}`,
      from: path.join(folder, file),
    };
  });
}

function filesUnder(folder, as) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((from) => ({
      path: path.posix.join(as, path.relative(folder, from).replaceAll('\\', '/')),
      from,
    }));
}

const isHere = (platform) => platform === `${process.platform}-${process.arch}`;
const llamaFolder = () => path.join(packageFolder(root, 'node-llama-cpp'), 'llama');
const ofVersion = (names) => Object.fromEntries(names.map((name) => [name, version]));
const readme = (name, text) => ({ path: 'README.md', text: `# ${name}\n\n${text}\n` });
const toJson = (value) => `${JSON.stringify(value, null, 2)}\n`;

function pick(from, names) {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}
function omit(from, names) {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
}
function readJson(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
