/**
 * Builds the addon and ggml's modules for another machine than this: for an older glibc, or another processor.
 *
 *   node native/cross.mjs linux-x64 FOLDER     dramatis.node and the ggml libraries, in FOLDER/out
 *   DRAMATIS_GGML=prebuilt node native/cross.mjs linux-arm64 FOLDER
 *                                              with the ggml libraries of node-llama-cpp, which want glibc 2.34
 *
 * The compiler is zig's, which has the symbols of every glibc and links no libstdc++: `pip install ziglang`, or
 * DRAMATIS_ZIG="python3 -m ziglang". What FOLDER has from a build that was cut short is used.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { layOutSource, packageFolder } from './llama-source.mjs';

const targets = {
  'linux-x64': { triple: 'x86_64-linux-gnu', processor: 'x86_64' },
  'linux-arm64': { triple: 'aarch64-linux-gnu', processor: 'aarch64' },
};
/** GCC's -march=armv8.2-a+dotprod+fp16 is zig's -mcpu=generic+v8_2a+dotprod+fullfp16. */
const architectures = `for flag; do
  shift
  case $flag in
  -march=armv*)
    flag=$(echo "$flag" | sed -E 's/^-march=armv([0-9])(\\.([0-9]))?-a/-mcpu=generic+v\\1_\\3a/; s/v8_a/v8a/; s/\\+fp16/+fullfp16/; s/\\+no/-/g') ;;
  esac
  set -- "$@" "$flag"
done
`;

/** Of RHEL 8, the oldest that Node itself runs on. */
const glibc = '2.28';

const root = path.resolve(import.meta.dirname, '..');
const [platform, folder] = process.argv.slice(2);
const target = targets[platform];
if (!target || !folder) {
  console.error(`usage: node native/cross.mjs ${Object.keys(targets).join('|')} FOLDER`);
  process.exit(2);
}
const zig = (process.env.DRAMATIS_ZIG ?? 'python3 -m ziglang').split(' ');
if (spawnSync(zig[0], [...zig.slice(1), 'version'], { stdio: 'ignore' }).status !== 0) {
  console.error(`"${zig.join(' ')}" does not run; install it: pip install ziglang`);
  process.exit(1);
}

const work = path.resolve(folder);
const [source, libraries, modules, addon, out] = ['source', 'llama', 'ggml', 'addon', 'out'].map(
  (name) => path.join(work, name),
);
fs.mkdirSync(work, { recursive: true });
if (!fs.existsSync(source)) {
  fs.rmSync(`${source}.part`, { recursive: true, force: true });
  layOutSource(root, `${source}.part`);
  fs.renameSync(`${source}.part`, source);
}
const toolchain = writeToolchain();
const ggmlLibraries = findGgml();
build(libraries, 'llama');
const headers = ['node-api-headers/include', 'node-addon-api'].map((name) => {
  const [owner, ...rest] = name.split('/');
  return path.join(packageFolder(root, owner), ...rest);
});
build(addon, 'addon', {
  DRAMATIS_GGML_LIBS: ggmlLibraries,
  CMAKE_JS_INC: headers.join(';'),
});
fs.mkdirSync(out, { recursive: true });
fs.copyFileSync(path.join(addon, 'dramatis.node'), path.join(out, 'dramatis.node'));
for (const name of fs.readdirSync(ggmlLibraries))
  if (/^libggml-(base|cpu).*\.so$/.test(name))
    fs.copyFileSync(path.join(ggmlLibraries, name), path.join(out, name));
console.error(`dramatis: built ${out}`);

function findGgml() {
  if (process.env.DRAMATIS_GGML !== 'prebuilt') {
    build(modules, 'ggml');
    return path.join(modules, 'bin');
  }
  const folder = packageFolder(root, `@node-llama-cpp/${platform}`);
  if (!folder) throw new Error(`the package @node-llama-cpp/${platform} is not installed`);
  return path.join(folder, 'bins', platform);
}

function build(into, stage, defines = {}) {
  const all = {
    CMAKE_TOOLCHAIN_FILE: toolchain,
    CMAKE_BUILD_TYPE: 'Release',
    // Nobody debugs these files where they go, and a quarter of them is names.
    CMAKE_SHARED_LINKER_FLAGS: '-s',
    CMAKE_MODULE_LINKER_FLAGS: '-s',
    DRAMATIS_STAGE: stage,
    DRAMATIS_GGML: 'prebuilt',
    DRAMATIS_LLAMA_SOURCE: source,
    DRAMATIS_LLAMA_BUILD: libraries,
    ...defines,
  };
  const flags = Object.entries(all).map(([name, value]) => `-D${name}=${value}`);
  cmake(['-S', root, '-B', into, ...flags]);
  cmake(['--build', into, '--parallel', String(os.availableParallelism())]);
}

function cmake(args) {
  execFileSync('cmake', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** CMake's description of the target, and the two compilers as scripts that speak GCC's language to zig. */
function writeToolchain() {
  const compiler = (language) => {
    const file = path.join(work, `zig-${language}`);
    const call = `exec ${zig.join(' ')} ${language} -target ${target.triple}.${glibc} -fno-sanitize=undefined -g0`;
    fs.writeFileSync(file, `#!/bin/sh\n${architectures}${call} "$@"\n`, { mode: 0o755 });
    return file;
  };
  const lines = {
    CMAKE_SYSTEM_NAME: 'Linux',
    CMAKE_SYSTEM_PROCESSOR: target.processor,
    CMAKE_C_COMPILER: compiler('cc'),
    CMAKE_CXX_COMPILER: compiler('c++'),
    CMAKE_PLATFORM_NO_VERSIONED_SONAME: 'ON',
  };
  const file = path.join(work, 'toolchain.cmake');
  const text = Object.entries(lines).map(([name, value]) => `set(${name} "${value}")\n`);
  fs.writeFileSync(file, text.join(''));
  return file;
}
