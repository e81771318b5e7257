import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folders, homeOf, requireFolders } from './folders.ts';

describe('folders', () => {
  it('all lie under DRAMATIS_HOME when it is set', () => {
    const all = Object.values(folders({ DRAMATIS_HOME: '/scratch/me', XDG_DATA_HOME: '/x' }));
    expect(all.every((path) => path.startsWith('/scratch/me/'))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
  });

  it('follow the XDG variables', () => {
    const found = folders({ HOME: '/h', XDG_DATA_HOME: '/d', XDG_CACHE_HOME: '/c' });
    expect(found.models).toBe('/d/dramatis/models');
    expect(found.cache).toBe('/c/dramatis');
    expect(found.state).toBe('/h/.local/state/dramatis');
    expect(found.config).toBe('/h/.config/dramatis');
  });

  it('are absolute where HOME is not', () => {
    for (const HOME of ['rel', ''])
      expect(isAbsolute(folders({ HOME }).conversations), HOME).toBe(true);
  });

  it('ask for DRAMATIS_HOME where the user has no folder, as in a container under any number', () => {
    const unknown = () => {
      throw new Error('uv_os_homedir returned ENOENT');
    };
    expect(() => folders({}, unknown)).toThrow('HOME is not set, and this user has no folder');
    expect(homeOf({}, unknown)).toBeUndefined();
    expect(folders({ DRAMATIS_HOME: '/scratch/me' }, unknown).plays).toBe('/scratch/me/plays');
  });

  it('are refused where nothing can be kept', async () => {
    for (const [home, why] of [
      ['/dev/null', /\/dev\/null is not a folder/],
      ['/proc/x', /view of the kernel/],
      [`/tmp/${'x'.repeat(6000)}`, /the name is too long \(ENAMETOOLONG\)/],
    ] as const)
      await expect(requireFolders({ DRAMATIS_HOME: home })).rejects.toMatchObject({
        code: 'STORE_UNWRITABLE',
        message: expect.stringMatching(why),
      });
    await requireFolders({ DRAMATIS_HOME: '/tmp/not/yet' });
  });

  it('ignore an XDG variable that is relative or empty', () => {
    expect(folders({ HOME: '/h', XDG_DATA_HOME: 'd' }).plays).toBe(
      '/h/.local/share/dramatis/plays',
    );
    expect(folders({ HOME: '/h', XDG_DATA_HOME: '' }).plays).toBe('/h/.local/share/dramatis/plays');
  });
});
