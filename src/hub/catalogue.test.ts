import { describe, expect, it } from 'vitest';
import { defaultModel, embeddingModel, findEntry, models, plays, suggest } from './catalogue.ts';
import { parseHfUri } from './hf-uri.ts';

const all = [...models(), ...plays()];

describe('the catalogue', () => {
  it('names each thing once, by an id that is easy to type', () => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
    expect(new Set(all.map(({ file }) => file)).size).toBe(all.length);
  });

  it('has the models and plays that are used when none is named', () => {
    expect(findEntry(models(), defaultModel)?.kind).toBe('chat');
    expect(findEntry(models(), embeddingModel)?.kind).toBe('embedding');
    expect(plays().map(({ id }) => id)).toEqual(expect.arrayContaining(['hamlet', 'macbeth']));
  });

  it('pins the checksum of everything that a wheel holds', () => {
    for (const entry of all) {
      const isWheel = entry.sources[0]!.files[0]!.from.startsWith('pypi:');
      if (isWheel) expect(entry.sha256, entry.id).toMatch(/^[0-9a-f]{64}$/);
      for (const { files, make } of entry.sources) {
        for (const file of files) if (make) expect(file.sha256, entry.id).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it('names the size and the checksum of every model, and of every part of a joined one', () => {
    for (const { id, bytes, sha256, sources } of models()) {
      expect(bytes, id).toBeGreaterThan(1e6);
      expect(sha256, id).toMatch(/^[0-9a-f]{64}$/);
      for (const { files, make } of sources) {
        if (files.length === 1 || make) continue;
        for (const part of files) expect(part.sha256, part.from).toMatch(/^[0-9a-f]{64}$/);
        expect(
          files.reduce((sum, part) => sum + part.bytes!, 0),
          id,
        ).toBe(bytes);
        expect(new Set(files.map(({ sha256 }) => sha256)).size, id).toBe(files.length);
      }
    }
  });

  it('pins every entry by a checksum, or says of each source that it cannot be pinned', () => {
    for (const { id, sha256, sources } of all)
      for (const { unpinned } of sources) expect(sha256 !== undefined || unpinned, id).toBe(true);
  });

  it('has only sources that can be read, with a version or a path', () => {
    for (const { from, member } of all.flatMap(({ sources }) =>
      sources.flatMap(({ files }) => files),
    )) {
      if (from.startsWith('pypi:')) {
        expect(from).toMatch(/^pypi:[a-z0-9-]+==[\d.]+$/);
        expect(member).toBeDefined();
      } else if (from.startsWith('hf:')) expect(parseHfUri(from)?.file).toBeDefined();
      else expect(from).toMatch(/^https:\/\//);
    }
  });

  it('says how each model is asked and under which licence', () => {
    for (const { id, kind, form, licence } of models()) {
      expect(form, id).toBe({ chat: 'chat', base: 'script', embedding: undefined }[kind]);
      expect(licence.url).toMatch(/^https:\/\//);
      if (/gemma|llama/.test(id)) expect(licence.mustAccept).toBe(true);
    }
  });
});

describe('findEntry', () => {
  it('finds by id and by title, whatever the case', () => {
    for (const name of ['king-lear', 'King Lear', 'KING LEAR', 'king_lear']) {
      expect(findEntry(plays(), name)?.id).toBe('king-lear');
    }
    expect(findEntry(plays(), "A Midsummer Night's Dream")?.id).toBe('midsummer-nights-dream');
    expect(findEntry(plays(), 'lear')).toBeUndefined();
  });
});

describe('suggest', () => {
  it('names what is like it', () => {
    expect(suggest(plays(), 'hamlt')).toBe('did you mean hamlet?');
    expect(suggest(plays(), 'henry-v')).toMatch(/^did you mean henry-v or /);
    expect(suggest(models(), 'smollm2')).toBe('did you mean smollm2-135m?');
    expect(suggest(models(), 'smolm2')).toBe('did you mean smollm2-135m?');
    expect(suggest(plays(), 'xyzzy-plugh')).toBe('none is like it');
  });
});
