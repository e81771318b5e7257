import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveModel } from './models.ts';
import { pull } from './pull.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'dramatis-models-'));
});
const offline = () => ({ offline: true, env: { DRAMATIS_HOME: home, HOME: home } });

describe('resolveModel', () => {
  it('takes any file, and gives its absolute path', async () => {
    const path = join(home, 'mine.gguf');
    writeFileSync(path, '');
    expect(await resolveModel(path, offline())).toEqual({ name: path, path });
    const near = relative(process.cwd(), path);
    expect(await resolveModel(near, offline())).toEqual({ name: near, path });
  });

  it('tells a file that is missing from a name that is unknown', async () => {
    await expect(resolveModel('./no.gguf', offline())).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
    await expect(resolveModel('some/dir/no.gguf', offline())).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
    await expect(resolveModel('smolm2-135m', offline())).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
      message: 'no model is called "smolm2-135m"; did you mean smollm2-135m?',
    });
  });

  it('says of a folder, and of a device, that it is no file', async () => {
    await expect(resolveModel(home, offline())).rejects.toMatchObject({
      ...{ code: 'FILE_MISSING', message: `${home} is a folder, not a file` },
    });
    await expect(resolveModel('/dev/null', offline())).rejects.toMatchObject({
      ...{ code: 'FILE_MISSING', message: expect.stringContaining('not a file') },
    });
  });

  it('looks for an id in the catalogue and for a URI in the cache', async () => {
    await expect(resolveModel('smollm2-135m', offline())).rejects.toMatchObject({
      code: 'OFFLINE',
    });
    await expect(resolveModel('hf:org/repo:Q4_0', offline())).rejects.toMatchObject({
      code: 'OFFLINE',
    });
    await expect(resolveModel('org/repo', offline())).rejects.toMatchObject({ code: 'OFFLINE' });
    const commit = 'a'.repeat(40);
    const snapshot = join(home, '.cache/huggingface/hub/models--org--repo/snapshots', commit);
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(snapshot, 'm-Q4_0.gguf'), '');
    const uri = `hf:org/repo:Q4_0#${commit}`;
    expect(await resolveModel(uri, offline())).toEqual({
      name: uri,
      path: join(snapshot, 'm-Q4_0.gguf'),
    });
  });
});

describe('pull', () => {
  it('suggests models and plays alike', async () => {
    await expect(pull('macbet', offline())).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
      message: 'no model or play is called "macbet"; did you mean macbeth?',
    });
  });
});
