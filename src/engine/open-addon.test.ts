import { describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import type { Machine } from './machine.ts';
import { type AddonFacts, type AddonPlace, type AddonSearch, openAddon } from './open-addon.ts';

const debian: Machine = {
  platform: 'linux',
  arch: 'x64',
  libc: { family: 'glibc', version: '2.36' },
};
const facts: AddonFacts = {
  version: '1.2.3',
  platform: 'linux',
  arch: 'x64',
  libc: { family: 'glibc', version: '2.28' },
};
const packaged: AddonPlace = { name: '@dramatis/linux-x64', path: '/p/dramatis.node', facts };
const absent: AddonPlace = { name: '@dramatis/linux-x64', path: undefined };

function search(changes: Partial<AddonSearch> = {}): AddonSearch {
  return { places: [packaged], machine: debian, version: '1.2.3', others: [], ...changes };
}
const opens = (path: string): string => `opened ${path}`;

/** Message and remedy of a search that fails; `open` is the last resort's. */
function failure(changes: Partial<AddonSearch>, open: (path: string) => unknown = opens): string {
  try {
    openAddon(search(changes), open);
  } catch (error) {
    if (error instanceof DramatisError) return `${error.message}\n${error.remedy}`;
    throw error;
  }
  throw new Error('an addon was opened');
}

describe('openAddon', () => {
  it('opens the package of the system', () => {
    expect(openAddon(search(), opens)).toEqual({
      addon: 'opened /p/dramatis.node',
      path: '/p/dramatis.node',
    });
  });

  it('takes the first that loads, and tells of those before it only if none does', () => {
    const own: AddonPlace = { name: 'own', path: '/own/dramatis.node' };
    const open = (path: string): string => {
      if (path.startsWith('/own')) throw new Error('/own/dramatis.node: wrong ELF class\nstack');
      return path;
    };
    expect(openAddon(search({ places: [own, packaged] }), open).path).toBe('/p/dramatis.node');
    const said = failure({ places: [own, absent] }, open);
    expect(said).toContain('own does not load: /own/dramatis.node: wrong ELF class;');
    expect(said).toContain('@dramatis/linux-x64 is not installed');
    expect(said).not.toContain('stack');
  });

  it('names system, C library, and what helps where the package is not installed', () => {
    const said = failure({ places: [absent] });
    expect(said).toContain('no engine for linux x64 with glibc 2.36');
    expect(said).toContain('npm install --include=optional');
    expect(said).toContain('@dramatis/source@1.2.3');
  });

  it('says what a node_modules of another system has', () => {
    const said = failure({ places: [absent], others: ['@dramatis/darwin-arm64'] });
    expect(said).toContain('found @dramatis/darwin-arm64 instead');
    expect(said).toContain('another system: delete node_modules and the lock file');
  });

  it.each([
    ['2.17', 'needs glibc 2.28 or newer'],
    ['2.4', 'needs glibc 2.28 or newer'],
  ])('refuses glibc %s before it is tried', (version, reason) => {
    const machine: Machine = { ...debian, libc: { family: 'glibc', version } };
    const tried: string[] = [];
    const said = failure({ machine }, (path) => tried.push(path));
    expect(said).toContain(`with glibc ${version}`);
    expect(said).toContain(reason);
    expect(said).toContain('npx dramatis build');
    expect(tried).toEqual([]);
  });

  it.each(['2.28', '2.100', '3.0'])('takes glibc %s', (version) => {
    const machine: Machine = { ...debian, libc: { family: 'glibc', version } };
    expect(openAddon(search({ machine }), opens).path).toBe('/p/dramatis.node');
  });

  it('refuses code for glibc on musl before it is tried', () => {
    const machine: Machine = { ...debian, libc: { family: 'musl', version: undefined } };
    const tried: string[] = [];
    const said = failure({ machine }, (path) => tried.push(path));
    expect(said).toContain('linux x64 with musl: @dramatis/linux-x64 needs glibc');
    expect(said).toContain('node:22-slim');
    expect(tried).toEqual([]);
  });

  it('refuses an addon of another version, or of another system', () => {
    const older = { ...packaged, facts: { ...facts, version: '1.2.2' } };
    const said = failure({ places: [older] });
    expect(said).toContain('is of dramatis 1.2.2, this is 1.2.3');
    expect(said).toContain('Delete node_modules and the lock file');
    const arm = { ...packaged, facts: { ...facts, arch: 'arm64' } };
    expect(failure({ places: [arm] })).toContain('is made for linux arm64');
  });

  it('says that there is no package for a rare system', () => {
    const machine: Machine = { platform: 'freebsd', arch: 'x64', libc: undefined };
    expect(failure({ machine, places: [absent] })).toContain(
      'There is no package for freebsd-x64; compile it here',
    );
  });
});
