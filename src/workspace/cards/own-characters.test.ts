import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderAsk, renderDigest } from '../../memory/digests/render-digest.ts';
import { Memory } from '../../memory/memory.ts';
import { recollect } from '../../memory/recollect.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { tongueOf } from '../../play/tongue.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { WordHashEmbedder } from '../../testing/models/word-hash-embedder.ts';
import { printings } from '../../testing/plays/ostrava.ts';
import { cardFacts } from '../card-facts.ts';
import { Dramatis } from '../dramatis.ts';
import { openCast } from '../open-cast.ts';
import { cardOfCharacter } from './card-of-character.ts';
import { type CardText, cardFaults, ownCard } from './read-card.ts';
import { whoIsMeant } from './who-is-meant.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-own-'));
const play = join(at, 'lantern.md');
writeFileSync(play, printings.Markdown!);
afterAll(() => rmSync(at, { recursive: true }));

const ned: CardText = {
  format: 'dramatis-card',
  version: 1,
  language: 'German',
  period: 'today',
  name: 'Old Ned',
  role: 'a retired keeper',
  manner: 'You speak of the sea.',
  relations: [{ person: 'Marta', call: 'my sister', more: 'who owns the lamp' }],
  moments: 'I sit in the kitchen.',
  knowledge: [
    {
      text: "My lamp burnt whale oil, and I'm glad it is sold.",
      asks: ['What did your lamp burn?'],
    },
  ],
  examples: [{ question: 'Are you well?', reply: 'As the tide lets me.' }],
  greeting: 'Sit down.',
};
const dramatis = await Dramatis.open({
  hub: { env: { DRAMATIS_HOME: join(at, 'home') }, offline: true },
  folders: { cards: join(at, 'cards') },
});

describe('Somebody of a card who is in no play', () => {
  it('is a persona of what the card says', async () => {
    const { play: opened, character } = await openCast(dramatis, {
      character: 'old ned',
      card: ownCard(ned),
    });
    const persona = personaOf(opened.play, character);
    expect(persona.description).toBe('You are Old Ned, a retired keeper. You speak of the sea.');
    expect(persona.relations).toEqual(['Marta is your sister, who owns the lamp.']);
    expect(persona.situation()).toBe('I sit in the kitchen.');
    expect(persona.samples()).toEqual([
      { asker: VISITOR, cue: 'Are you well?', reply: 'As the tide lets me.' },
      { asker: VISITOR, cue: 'Good day.', reply: 'Sit down.' },
    ]);
    expect(persona.tongue).toEqual({ language: 'German', period: 'today' });
    expect(opened.id).toBe('old-ned');
  });

  it('knows the facts of the card, told by others in the third person', async () => {
    const { play: opened } = await openCast(dramatis, { character: 'old ned', card: ownCard(ned) });
    const fact = cardFacts(opened.play).at(-1)!;
    const telling = { character: 'OLD NED' };
    expect(renderDigest(fact, telling)).toBe("My lamp burnt whale oil, and I'm glad it is sold.");
    expect(renderDigest(fact)).toBe(
      "Old Ned's lamp burnt whale oil, and Old Ned is glad it is sold.",
    );
    expect(renderAsk(fact.asks[0]!, telling)).toBe('What did your lamp burn?');
    expect(renderAsk(fact.asks[0]!)).toBe("What did Old Ned's lamp burn?");
    expect([...fact.known.keys()]).toEqual(['OLD NED']);
  });

  it('recalls what the card says, and nothing at what it does not say', async () => {
    const { play: opened } = await openCast(dramatis, { character: 'old ned', card: ownCard(ned) });
    const memory = await Memory.open({
      play: opened.play,
      playHash: opened.sha256,
      digests: cardFacts(opened.play),
      embedder: async () => new WordHashEmbedder(),
      embedderHash: 'b'.repeat(64),
      folder: join(at, 'indices'),
    });
    const ask = async (question: string) =>
      (await recollect(memory, question, { character: 'OLD NED' })).items.map(({ text }) => text);
    expect(await ask('What did your lamp burn?')).toContain(
      "My lamp burnt whale oil, and I'm glad it is sold.",
    );
    expect(await ask('Who are you?')).toContain('I am Old Ned, a retired keeper.');
    expect(await ask('Who is Marta?')).toContain('Marta is my sister, who owns the lamp.');
    expect(await ask('How far is the moon from Jupiter?')).toEqual([]);
    expect(await ask('Hello!')).toEqual([]);
  });

  it('is at no place of a play', async () => {
    await expect(
      openCast(dramatis, { character: 'old ned', card: ownCard(ned), at: '1.1' }),
    ).rejects.toThrow('Old Ned is in no play, so there is no scene 1.1');
  });

  it('is meant by the id that a conversation with it has for a play', async () => {
    const request = { character: 'OLD NED', play: 'old-ned', card: ownCard(ned) };
    expect((await openCast(dramatis, request)).character.name).toBe('OLD NED');
  });

  it('is found by name once the card is kept', async () => {
    mkdirSync(dramatis.folders.cards);
    writeFileSync(join(dramatis.folders.cards, 'old-ned.json'), JSON.stringify(ned));
    const found = await whoIsMeant(dramatis, { character: 'Old Ned' });
    expect(found.card?.card.role).toBe('a retired keeper');
    expect(await whoIsMeant(dramatis, { character: 'hamlet' })).toEqual({ character: 'hamlet' });
    await expect(whoIsMeant(dramatis, {})).rejects.toThrow('nobody to talk with is named');
  });
});

describe('A card of somebody in a play', () => {
  it('goes before what the play says, and leaves everybody else as they are', async () => {
    const plain = await openCast(dramatis, { character: 'marta', play });
    const own = await openCast(dramatis, { character: 'marta', play, card: ownCard(ned) });
    expect(own.character.name).toBe(plain.character.name);
    const { description, displayName: shown } = personaOf(own.play.play, own.character);
    expect(shown).toBe(displayName(plain.character.name));
    expect(description).toBe(`You are ${shown}, a retired keeper. You speak of the sea.`);
    const others = (cast: typeof plain) =>
      cast.play.play.cast.filter(({ name }) => name !== plain.character.name);
    expect(others(own)).toEqual(others(plain));
  });

  it('finds the play that it names beside its own file', async () => {
    const path = join(at, 'marta.json');
    writeFileSync(path, JSON.stringify({ ...ned, name: 'Marta', play: 'lantern.md' }));
    const meant = await whoIsMeant(dramatis, { cardFile: path });
    const { play: opened, character } = await openCast(dramatis, meant);
    expect(opened.path).toBe(play);
    expect(character.card?.role).toBe('a retired keeper');
  });

  it('is exported as a card without fault that says the same', async () => {
    const { play: opened, character } = await openCast(dramatis, { character: 'marta', play });
    const exported = cardOfCharacter(opened, character, undefined);
    expect(cardFaults(JSON.stringify(exported))).toEqual([]);
    const again = await openCast(dramatis, { character: 'marta', play, card: ownCard(exported) });
    const [before, after] = [
      personaOf(opened.play, character),
      personaOf(again.play.play, again.character),
    ];
    expect(after.role).toBe(before.role);
    expect(after.samples().slice(0, 2)).toEqual(
      before
        .samples()
        .slice(0, 2)
        .map((one) => ({ ...one, asker: VISITOR })),
    );
  });
});

describe('What a request says is spoken', () => {
  it('goes before what the play says', async () => {
    const request = { character: 'marta', play, period: '1895' };
    const { play: opened } = await openCast(dramatis, request);
    expect(tongueOf(opened.play)).toEqual({ language: 'English', period: '1895' });
  });
});
