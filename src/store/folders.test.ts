import { describe, expect, it } from 'vitest';
import { folders } from './folders.ts';

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

  it('ignore an XDG variable that is relative or empty', () => {
    expect(folders({ HOME: '/h', XDG_DATA_HOME: 'd' }).plays).toBe(
      '/h/.local/share/dramatis/plays',
    );
    expect(folders({ HOME: '/h', XDG_DATA_HOME: '' }).plays).toBe('/h/.local/share/dramatis/plays');
  });
});
