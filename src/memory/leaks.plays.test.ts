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

const draws = 1500;
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

/** Whether somebody knows a fact before a place by the line of the digest file, found the slow way. */
function knows(
  play: Play,
  persons: DigestHeader['persons'],
  row: DigestRow,
  who: string,
  at: Place,
) {
  const isThem = (name: string): boolean =>
    (persons[name] ? (persons[name].is ?? []) : [name]).some(
      (one) => findCharacter(play, one).name === who,
    );
  const isPast = (place: string): boolean => {
    const known = parsePlace(place);
    return comparePlaces(known, at) < (known.line === undefined ? 1 : 0);
  };
  return (
    (row.witnesses.some(isThem) && isPast(row.offstage ?? row.end)) ||
    (row.told ?? []).some((told) => isThem(told.who) && isPast(told.at))
  );
}

/** Whether somebody heard every line of what was said, found the slow way. */
function heard(play: Play, { place, end }: Recalled, who: string, at: Place): boolean {
  if (comparePlaces(parsePlace(end), at) >= 0) return false;
  const spoken = play.acts
    .flatMap(({ scenes }) => scenes.flatMap(({ elements }) => elements))
    .filter((element) => element.kind === 'speech')
    .filter((speech) => comparePlaces(parsePlace(speech.place), parsePlace(end)) <= 0)
    .filter(({ place: from, lines }) => {
      const first = parsePlace(from);
      const last = { ...first, line: first.line! + lines.length - 1 };
      return comparePlaces(last, parsePlace(place)) >= 0;
    });
  return spoken.some(({ present, speakers }) => present.includes(who) || speakers.includes(who));
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
              ? knows(play, header!.persons, rows.get(item.id!)!, character, before)
              : heard(play, item, character, before);
          expect(isKnown, `${character} before ${JSON.stringify(before)}: ${item.text}`).toBe(true);
        }
        recalled += items.length;
      }
      expect(recalled).toBeGreaterThan(draws / 4);
    },
  );
});
