import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processorKind } from '../../store/processor-kind.ts';
import { runCommandLine } from '../command-line.ts';

let home = '';
let out: string[] = [];
let errors: string[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dramatis-settings-'));
  vi.stubEnv('DRAMATIS_HOME', home);
  vi.stubEnv('DRAMATIS_MODEL', '');
  vi.spyOn(process.stdout, 'write').mockImplementation(
    (text) => out.push(String(text).replace(/\n$/, '')) > 0,
  );
  vi.spyOn(process.stderr, 'write').mockImplementation(
    (text) => errors.push(String(text).replace(/\n$/, '')) > 0,
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What `dramatis …` prints. */
async function dramatis(...args: string[]): Promise<string> {
  out = [];
  errors = [];
  await runCommandLine(args);
  return out.join('\n');
}

describe('dramatis use', () => {
  it('chooses the model that is marked in the list from then on', async () => {
    expect(await dramatis('models')).toContain(
      'smollm2-135m, the one to begin with, since none is here',
    );
    expect(await dramatis('use', 'gemma3-270m')).toContain('gemma3-270m');
    const rows: { id: string; isInUse: boolean }[] = JSON.parse(await dramatis('models', '--json'));
    expect(rows.filter(({ isInUse }) => isInUse).map(({ id }) => id)).toEqual(['gemma3-270m']);
    expect(JSON.parse(await dramatis('settings', '--json'))).toMatchObject({
      path: join(home, 'config', 'settings.json'),
      model: 'gemma3-270m',
    });
  });

  it('goes on with damaged settings, says so, and keeps them', async () => {
    await dramatis('use', 'gemma3-270m');
    writeFileSync(join(home, 'config', 'settings.json'), '{"format":');
    expect(await dramatis('models')).toContain(
      'smollm2-135m, the one to begin with, since none is here',
    );
    expect(errors.join()).toMatch(/settings\.json is damaged: it is not JSON.*dramatis use NAME/);
    await dramatis('use', 'gemma3-270m');
    expect(await dramatis('models')).toContain('gemma3-270m, as "dramatis use" chose');
    expect(errors).toEqual([]);
  });
});

describe('dramatis settings kernels', () => {
  const trainer = async () => JSON.parse(await dramatis('settings', '--json')).trainer;

  it('are wanted for this kind of processor until the engine chooses again', async () => {
    await dramatis('settings', 'kernels', 'avx2');
    expect(await trainer()).toEqual({ [processorKind()]: { kernels: 'avx2' } });
    await dramatis('settings', 'kernels', 'auto');
    expect(await trainer()).toEqual({});
  });

  it('are refused where no processor has them', async () => {
    await expect(dramatis('settings', 'kernels', 'fast')).rejects.toMatchObject({ code: 'USAGE' });
  });
});
