import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import { resolveModel } from '../hub/models.ts';
import { home } from '../testing/home.ts';
import { dramatis, json } from './dramatis.ts';

interface Passage {
  readonly kind: string;
  readonly id?: string;
  readonly told?: { readonly at: string; readonly by?: string };
  readonly place: string;
  readonly speaker: string;
  readonly text: string;
  readonly score: number;
}

interface ParsedPlay {
  readonly acts: readonly {
    readonly number: number;
    readonly scenes: readonly {
      readonly number: number;
      readonly elements: readonly {
        readonly kind: string;
        readonly speakers?: readonly string[];
        readonly lines?: readonly string[];
        readonly present?: readonly string[];
      }[];
    }[];
  }[];
}

/** Every speech a character heard or spoke, found the slow way: the words of each, by place of scene. */
function heard(play: ParsedPlay, character: string): Map<string, string[]> {
  const scenes = new Map<string, string[]>();
  for (const act of play.acts) {
    for (const scene of act.scenes) {
      const texts = scene.elements
        .filter((e) => e.present?.includes(character) || e.speakers?.includes(character))
        .map((e) => (e.lines ?? []).join(' '));
      scenes.set(`${act.number}.${scene.number}`, texts);
    }
  }
  return scenes;
}

const words = (text: string): string => (text.toLowerCase().match(/[a-z']+/g) ?? []).join(' ');

describe('What a character recalls', () => {
  const cases = [
    ['MACBETH', 'the ghost at the table', undefined],
    ['LADY MACBETH', 'the dagger and the blood', '2.2'],
    ['BANQUO', 'the weird sisters', '3.1'],
  ] as const;

  for (const [character, query, at] of cases) {
    it(`is only what ${character} witnessed${at ? ` before ${at}` : ''}`, async () => {
      const passages = await json<Passage[]>([
        'recall',
        character,
        query,
        '--play',
        'macbeth',
        '--kind',
        'speech',
        '--limit',
        '20',
        ...(at ? ['--at', at] : []),
      ]);
      const parsed = await json<ParsedPlay>(['parse', playFile('macbeth')]);
      const witnessed = heard(parsed, character);
      expect(passages.length).toBeGreaterThan(0);
      for (const { place, text, score } of passages) {
        const [act = 0, scene = 0] = place.split('.').map(Number);
        if (at)
          expect(act * 100 + scene).toBeLessThan(
            Number(at.split('.')[0]) * 100 + Number(at.split('.')[1]),
          );
        const told = words(witnessed.get(`${act}.${scene}`)?.join(' ') ?? '');
        expect(told, `${character} was not there for ${place}`).toContain(words(text));
        expect(score).toBeGreaterThan(0);
      }
    });
  }

  it('has the best-known words first', async () => {
    const [first] = await json<Passage[]>([
      ...['recall', 'macbeth', 'is this a dagger which I see before me', '--kind', 'speech'],
    ]);
    expect(first).toMatchObject({ speaker: 'MACBETH', place: expect.stringMatching(/^2\.1\./) });
  });

  it('has the fact first that answers a question, and who told it', async () => {
    const asked = ['recall', 'claudius', 'Who killed Polonius?', '--kind', 'digest'];
    const facts = await json<Passage[]>(asked);
    expect(facts[0]).toMatchObject({ kind: 'digest', told: { by: 'Gertrude' } });
    expect(facts[0]!.text).toMatch(/^My nephew Hamlet .*killed/);
  });

  it('is said to be unknown before it happens', async () => {
    const asked = ['recall', 'hamlet', 'Who killed your father?', '--kind', 'digest'];
    const { err } = await dramatis([...asked, '--at', '1.2']);
    expect(err).toContain('Taken for unknown');
    expect((await dramatis(asked)).err).toContain('Taken for known');
  });

  it('is refused for a place the play does not have', async () => {
    const { code, err } = await dramatis(['recall', 'hamlet', 'x', '--at', '9.9']);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toHaveLength(2);
  });
});

describe('The embedding model, converted from safetensors', () => {
  it('gives the vectors of the reference implementation', async () => {
    const fixture = JSON.parse(
      readFileSync(new URL('../gguf/minilm-reference.json', import.meta.url), 'utf8'),
    ) as { sentence: string; embedding: string }[];
    process.env.DRAMATIS_HOME = home;
    const { path } = await resolveModel('minilm', { offline: true });
    using model = await Model.open(path, { gpu: 'off' });
    using embedder = await model.embedder();
    const rows = await embedder.embed(fixture.map(({ sentence }) => sentence));
    for (const [i, { sentence, embedding }] of fixture.entries()) {
      const expected = embedding.split(' ').map(Number);
      const dot = expected.reduce((sum, value, at) => sum + value * rows[i]![at]!, 0);
      expect(dot / Math.hypot(...expected), sentence).toBeGreaterThan(0.999);
    }
  });
});

function playFile(id: string): string {
  const found = readdirSync(join(home, 'plays'), { recursive: true, encoding: 'utf8' }).find(
    (name) => name.includes(id),
  );
  return join(home, 'plays', found ?? `${id} is not there`);
}
