import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Play, SceneElement } from '../play/play.ts';
import { WordHashEmbedder } from '../testing/models/word-hash-embedder.ts';
import type { Digest, Knowledge } from './digests/digest.ts';
import { Memory } from './memory.ts';
import { recollect } from './recollect.ts';

const draws = 4000;
const cast = ['ADA', 'BEN', 'CLEO', 'DORA', 'EMIL'];

/** Numbers below another, drawn by a seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A word that stands in one speech or one fact, and who may ever know it from which place on. */
interface Canary {
  readonly word: string;
  readonly known: ReadonlyMap<string, string>;
}

const canaries: Canary[] = [];
const digests: Digest[] = [];

/** Six scenes of twelve speeches before changing listeners, each with a word of its own; and forty facts. */
function makePlay(): Play {
  const draw = chance(11);
  const some = (least: number): string[] => {
    const present = cast.filter(() => draw(2) === 0);
    return present.length >= least ? present : cast.slice(0, least);
  };
  const scene = (act: number, number: number) => {
    const elements = Array.from({ length: 12 }, (_, i): SceneElement => {
      const present = some(2);
      const place = `${act}.${number}.${i + 1}`;
      const word = `canary${canaries.length}x`;
      canaries.push({ word, known: new Map(present.map((who) => [who, place])) });
      const lines = [`The bell rang when the ${word} came down to the harbour tonight.`];
      return { kind: 'speech', speakers: [present[0]!], label: present[0]!, lines, place, present };
    });
    return { number, heading: '', elements };
  };
  const acts = [1, 2, 3].map((act) => {
    return { number: act, heading: '', scenes: [scene(act, 1), scene(act, 2)] };
  });
  for (let i = 0; i < 40; i++) {
    const line = 1 + draw(11);
    const from = { act: 1 + draw(3), scene: 1 + draw(2), line };
    const end = { ...from, line: line + 1 };
    const word = `canary${canaries.length}x`;
    const known = new Map<string, Knowledge>();
    for (const who of some(1)) known.set(who, { way: 'witnessed', at: end });
    const told = cast.find((who) => !known.has(who));
    if (told && draw(2) === 0) known.set(told, { way: 'told', at: { act: 3, scene: 2, line: 3 } });
    const text = `Somebody sold the ${word} at the harbour for nine coins.`;
    const asks = [{ text: `Who sold the ${word}?`, about: [] }];
    digests.push({ id: `d-${i}`, from, end, words: '', text, about: [], asks, known });
    const places = Array.from(known, ([who, { at }]) => [who, placeText(at)] as const);
    canaries.push({ word, known: new Map(places) });
  }
  return {
    title: 'The Canaries',
    format: 'csv',
    acts,
    cast: cast.map((name) => ({ name, aliases: [], description: '', speeches: 1, words: 1 })),
    warnings: [],
  };
}

const placeText = ({ act, scene, line }: Knowledge['at']): string => `${act}.${scene}.${line}`;

let folder: string;
let memory: Memory;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-canary-'));
  memory = await Memory.open({
    play: makePlay(),
    playHash: 'a'.repeat(64),
    digests,
    embedder: () => Promise.resolve(new WordHashEmbedder()),
    embedderHash: 'b'.repeat(64),
    folder,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Canaries in a text that somebody does not know before a place. */
function leaks(text: string, character: string, before: string): string[] {
  return canaries
    .filter(({ word }) => text.includes(word))
    .filter(({ known }) => {
      const at = known.get(character);
      return at === undefined || comparePlaces(parsePlace(at), parsePlace(before)) >= 0;
    })
    .map(({ word }) => word);
}

describe('What comes to mind', () => {
  it(`holds nothing that the character does not know, in ${draws} draws of who is asked what and where`, async () => {
    const draw = chance(5);
    const budget = { digests: 5, windows: 3, words: 1000 };
    let recalled = 0;
    let known = 0;
    for (let i = 0; i < draws; i++) {
      const character = cast[draw(cast.length)]!;
      const at = `${1 + draw(3)}.${1 + draw(2)}${draw(3) === 0 ? '' : `.${1 + draw(12)}`}`;
      const { word } = canaries[draw(canaries.length)]!;
      const question = draw(2) === 0 ? `Who sold the ${word}?` : `What of the ${word}, the bell?`;
      const before = parsePlace(at);
      const { items, knowing } = await recollect(memory, question, { character, before, budget });
      const found =
        i % 4 === 0 ? await memory.recall(question, { character, before, limit: 20 }) : [];
      const text = [...items, ...found].map((item) => item.text).join('\n');
      expect(leaks(text, character, at), `${character} at ${at}: ${question}`).toEqual([]);
      recalled += items.length + found.length;
      if (knowing?.isKnown) known++;
    }
    // The test would hold of a memory that is empty, too.
    expect(recalled).toBeGreaterThan(draws);
    expect(known).toBeGreaterThan(draws / 20);
  });
});
