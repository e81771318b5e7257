import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findCharacter } from '../play/cast/find-character.ts';
import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Place, Play } from '../play/play.ts';
import { WordHashEmbedder } from '../testing/models/word-hash-embedder.ts';
import { realPlayIds, realPlays } from '../testing/real-plays.ts';
import type { DigestHeader, DigestRow } from './digests/digest-file.ts';
import { readDigests } from './digests/read-digests.ts';
import { Memory } from './memory.ts';
import type { Recalled } from './recalled.ts';
import { recollect } from './recollect.ts';

const draws = 400;
const folder = mkdtempSync(join(tmpdir(), 'dramatis-leaks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plays = await realPlays();
const dataOf = (name: string): string =>
  fileURLToPath(new URL(`../../data/${name}`, import.meta.url));
const jsonLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Name → whose it is in a play; each is looked up once. */
function finder(play: Play): (name: string) => string {
  const found = new Map<string, string>();
  return (name) => {
    const known = found.get(name) ?? findCharacter(play, name).name;
    found.set(name, known);
    return known;
  };
}

/** Whether somebody knows a fact before a place by the line of the digest file, found the slow way. */
function knows(
  whose: (name: string) => string,
  persons: DigestHeader['persons'],
  row: DigestRow,
  who: string,
  at: Place,
) {
  const isThem = (name: string): boolean =>
    (persons[name] ? (persons[name].is ?? []) : [name]).some((one) => whose(one) === who);
  const isPast = (place: string): boolean => {
    const known = parsePlace(place);
    return comparePlaces(known, at) < (known.line === undefined ? 1 : 0);
  };
  return (
    (row.witnesses.some(isThem) && isPast(row.offstage ?? row.end)) ||
    (row.told ?? []).some((told) => isThem(told.who) && isPast(told.at))
  );
}

interface Spoken {
  readonly first: Place;
  readonly last: Place;
  readonly heardBy: ReadonlySet<string>;
}

/** Every part of a speech: from where to where, and who was there. */
const spokenIn = (play: Play): Spoken[] =>
  play.acts
    .flatMap(({ scenes }) => scenes.flatMap(({ elements }) => elements))
    .filter((element) => element.kind === 'speech')
    .map(({ place, lines, present, speakers }) => {
      const first = parsePlace(place);
      const last = { ...first, line: first.line! + lines.length - 1 };
      return { first, last, heardBy: new Set([...present, ...speakers]) };
    });

/** Whether somebody heard part of what was said, found the slow way. */
function heard(spoken: readonly Spoken[], { place, end }: Recalled, who: string, at: Place) {
  const [from, to] = [parsePlace(place), parsePlace(end)];
  if (comparePlaces(to, at) >= 0) return false;
  return spoken.some(
    ({ first, last, heardBy }) =>
      heardBy.has(who) && comparePlaces(first, to) <= 0 && comparePlaces(last, from) >= 0,
  );
}

describe('What a character of a real play recalls', () => {
  it.each(realPlayIds)(
    `is in ${draws} draws never what it does not know yet, in %s`,
    async (id) => {
      const { play, sha256 } = plays.get(id)!;
      const path = dataOf(`digests/${id}.jsonl`);
      const { digests } = readDigests(readFileSync(path, 'utf8'), path, { play, sha256 });
      const [header, ...lines] = jsonLines<DigestHeader & DigestRow>(path);
      const rows = new Map(lines.map((row) => [row.id, row]));
      const questions = jsonLines<{ question?: string }>(dataOf(`questions/${id}.jsonl`)).flatMap(
        ({ question }) => question ?? [],
      );
      const memory = await Memory.open({
        play,
        playHash: sha256,
        digests,
        embedder: () => Promise.resolve(new WordHashEmbedder()),
        embedderHash: 'b'.repeat(64),
        folder,
      });
      const [whose, spoken] = [finder(play), spokenIn(play)];
      const people = [...new Set(digests.flatMap(({ known }) => [...known.keys()]))];
      const scenes = play.acts.flatMap((act) =>
        act.scenes.map(({ number }) => ({ act: act.number, scene: number })),
      );
      const draw = chance(3);
      const budget = { digests: 5, windows: 2, words: 2000 };
      let recalled = 0;
      for (let i = 0; i < draws; i++) {
        const character = people[draw(people.length)]!;
        const scene = scenes[draw(scenes.length)]!;
        const before = draw(2) === 0 ? scene : { ...scene, line: 1 + draw(120) };
        const question = questions[draw(questions.length)]!;
        const options = { character, before, budget, isGated: false };
        const { items } = await recollect(memory, question, options);
        for (const item of items) {
          const isKnown =
            item.kind === 'digest'
              ? knows(whose, header!.persons, rows.get(item.id!)!, character, before)
              : heard(spoken, item, character, before);
          expect(isKnown, `${character} before ${JSON.stringify(before)}: ${item.text}`).toBe(true);
        }
        recalled += items.length;
      }
      expect(recalled).toBeGreaterThan(draws / 4);
    },
  );
});
