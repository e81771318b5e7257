import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDigests } from '../../memory/digests/read-digests.ts';
import { passagesOf } from '../../memory/passages.ts';
import { UnknownWords } from '../../memory/unknown-words.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { parsePlace } from '../../play/place.ts';
import { words } from '../../play/words.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import { realPlayIds, realPlays } from '../../testing/real-plays.ts';
import { readQuestions } from './know-questions.ts';

const plays = await realPlays();
const textOf = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../data/${name}`, import.meta.url)), 'utf8');

/** Each question with the words that are pushed down while it is answered. */
function pushedAt(id: (typeof realPlayIds)[number]) {
  const { play, sha256 } = plays.get(id)!;
  const path = `digests/${id}.jsonl`;
  const { digests } = readDigests(textOf(path), path, { play, sha256 });
  const passages = passagesOf(play);
  return readQuestions(textOf(`questions/${id}.jsonl`), id).questions.map((question) => {
    const character = findCharacter(play, question.character);
    const before = question.at === undefined ? undefined : parsePlace(question.at);
    const unknown = new UnknownWords(
      { play, digests, passages },
      { character: character.name, before },
    );
    const { description, relations, situation } = personaOf(play, character);
    const told = [description, ...relations, situation(before), question.question].join(' ');
    return { question, pushed: unknown.except(told).map(({ word }) => word) };
  });
}

const pushed = new Map(realPlayIds.map((id) => [id, pushedAt(id)]));

describe('The words that the lever unknown pushes down', () => {
  it.each(realPlayIds)('are in no right answer to what can be known in %s', (id) => {
    for (const { question, pushed: down } of pushed.get(id)!) {
      const answer = question.kind === 'known' ? words(question.answer ?? '') : [];
      expect(
        down.filter((word) => answer.includes(word)),
        question.id,
      ).toEqual([]);
    }
  });

  it.each(realPlayIds)(
    'give away nearly half of what is yet to come or never learnt, in %s',
    (id) => {
      const hidden = pushed
        .get(id)!
        .filter(({ question: { kind } }) => kind === 'before' || kind === 'never');
      const covered = hidden.filter(({ question: { reject }, pushed: down }) =>
        down.some((word) => reject.some((pattern) => new RegExp(pattern, 'i').test(word))),
      );
      // 34 of 53 and 17 of 37; the others would be given away by names and words that the character knows.
      expect(covered.length / hidden.length).toBeGreaterThan(0.4);
    },
  );
});
