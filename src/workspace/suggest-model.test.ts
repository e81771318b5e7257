import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultModel, findEntry, models } from '../hub/catalogue.ts';
import { useModel } from '../hub/use-model.ts';
import { folders } from '../store/folders.ts';
import { recordRate } from '../store/measured-rates.ts';
import { processorKind } from '../store/processor-kind.ts';
import { Settings } from '../store/settings.ts';
import { pretendHere } from '../testing/models/pretend-here.ts';
import { suggestModel } from './suggest-model.ts';

const small = findEntry(models(), defaultModel)!;
let home: string;
let env: Record<string, string>;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dramatis-suggest-'));
  env = { DRAMATIS_HOME: home, HOME: home };
  await pretendHere(home, small);
});
afterEach(() => rmSync(home, { recursive: true }));

/** What is suggested on a machine where the small model generates so many tokens a second. */
async function suggested(tokensPerSecond?: number): Promise<string | undefined> {
  const settings = await Settings.open(folders(env).config);
  const { file, bytes } = small;
  const of = {
    file,
    bytes,
    what: 'generation',
    processor: processorKind(),
    kernels: 'CPU',
  } as const;
  if (tokensPerSecond) await recordRate(settings, of, tokensPerSecond);
  const workspace = { folders: folders(env), hub: { env } };
  return (await suggestModel(workspace))?.entry.id;
}

describe('suggestModel', () => {
  it('names a better model once', async () => {
    expect(await suggested(130)).toBe('qwen2.5-coder-1.5b');
    expect(await suggested()).toBeUndefined();
  });

  it('names none where nothing was measured, all are slow, or a model was chosen', async () => {
    expect(await suggested()).toBeUndefined();
    expect(await suggested(20)).toBeUndefined();
    await useModel(small.id, { env });
    expect(await suggested(130)).toBeUndefined();
  });
});
