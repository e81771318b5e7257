import { describe, expect, it } from 'vitest';
import type { DigestPerson } from './digest.ts';
import { type Called, renderAsk, renderDigest } from './render-digest.ts';

const person = (key: string, name: string, ...members: string[]): DigestPerson => ({
  key,
  name,
  members,
});
const about = [
  person('HAMLET', 'Hamlet', 'HAMLET'),
  person('POLONIUS', 'Polonius', 'LORD POLONIUS'),
  person('GERTRUDE', 'Gertrude', 'QUEEN GERTRUDE'),
  person('CLAUDIUS', 'Claudius', 'KING CLAUDIUS'),
  person('KING HAMLET', 'old King Hamlet', 'GHOST'),
  person('THE WITCHES', 'the three witches', 'FIRST WITCH', 'SECOND WITCH'),
];
const stabbed =
  "{HAMLET} stabbed {POLONIUS:me} in {GERTRUDE:'s} room, thinking {HAMLET:he/I} was stabbing {CLAUDIUS:me}.";

const calls = (person: string): Called | undefined =>
  ({
    GERTRUDE: { call: 'my mother', withName: true },
    'KING CLAUDIUS': { call: 'my uncle', withName: true },
    'KING HAMLET': { call: 'my father', withName: false },
  })[person];

describe('a digest', () => {
  it('is told in the third person by nobody in particular', () => {
    expect(renderDigest({ text: stabbed, about })).toBe(
      "Hamlet stabbed Polonius in Gertrude's room, thinking he was stabbing Claudius.",
    );
  });

  it('is told in the first person by each of those it names', () => {
    const as = (character: string): string => renderDigest({ text: stabbed, about }, { character });
    expect(as('HAMLET')).toBe(
      "I stabbed Polonius in Gertrude's room, thinking I was stabbing Claudius.",
    );
    expect(as('LORD POLONIUS')).toBe(
      "Hamlet stabbed me in Gertrude's room, thinking he was stabbing Claudius.",
    );
    expect(as('QUEEN GERTRUDE')).toBe(
      'Hamlet stabbed Polonius in my room, thinking he was stabbing Claudius.',
    );
    expect(as('KING CLAUDIUS')).toBe(
      "Hamlet stabbed Polonius in Gertrude's room, thinking he was stabbing me.",
    );
  });

  it('calls persons as the teller does', () => {
    expect(renderDigest({ text: stabbed, about }, { character: 'HAMLET', calls })).toBe(
      "I stabbed Polonius in my mother Gertrude's room, thinking I was stabbing my uncle Claudius.",
    );
  });

  it('says a relation with its name once, and a relation without a name always', () => {
    const text =
      "{CLAUDIUS} poured poison into {KING HAMLET:'s} ear, and {CLAUDIUS} took {KING HAMLET:'s} crown.";
    expect(renderDigest({ text, about }, { character: 'HAMLET', calls })).toBe(
      "My uncle Claudius poured poison into my father's ear, and Claudius took my father's crown.",
    );
  });

  it('never calls anybody for the narrator', () => {
    expect(renderDigest({ text: stabbed, about }, { calls })).not.toContain('uncle');
  });

  it('says "we" for one of several who act as one', () => {
    const text = "{THE WITCHES} greeted {HAMLET:me} in {THE WITCHES:'s} cave.";
    expect(renderDigest({ text, about }, { character: 'SECOND WITCH' })).toBe(
      'We greeted Hamlet in our cave.',
    );
    expect(renderDigest({ text, about })).toBe(
      "The three witches greeted Hamlet in the three witches' cave.",
    );
  });

  it('begins with a capital', () => {
    expect(renderDigest({ text: '{KING HAMLET} died.', about })).toBe('Old King Hamlet died.');
    expect(renderDigest({ text: "{HAMLET:'s} letter came.", about }, { character: 'HAMLET' })).toBe(
      'My letter came.',
    );
  });
});

describe('a question that a digest answers', () => {
  it('is put to somebody it names in the second person, with others as that one calls them', () => {
    const ask = { text: "Who killed {KING HAMLET:me} in {GERTRUDE:'s} orchard?", about };
    expect(renderAsk(ask)).toBe("Who killed old King Hamlet in Gertrude's orchard?");
    expect(renderAsk(ask, { character: 'HAMLET', calls })).toBe(
      "Who killed your father in your mother Gertrude's orchard?",
    );
    expect(renderAsk(ask, { character: 'GHOST' })).toBe("Who killed you in Gertrude's orchard?");
    const self = { text: 'Why {HAMLET:was/were} {HAMLET:he/you} sad?', about };
    expect(renderAsk(self, { character: 'HAMLET' })).toBe('Why were you sad?');
  });
});
