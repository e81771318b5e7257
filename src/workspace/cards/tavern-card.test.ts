import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCardText, readCardFile, tavernImage } from './open-card.ts';
import { isPng, plainPng, pngText, withPngText } from './png-text.ts';
import { type CardText, cardFaults } from './read-card.ts';
import { fromTavern, isTavern, toTavern } from './tavern-card.ts';

const ada = {
  spec: 'chara_card_v2',
  spec_version: '2.0',
  data: {
    name: 'Ada Quill',
    description: '{{char}} is a retired pilot. She flew the mail over {{user}}’s valley.',
    personality: 'Dry, kind.',
    scenario: '{{char}} waits in the hangar.',
    first_mes: 'Mind the propeller, {{user}}.',
    mes_example:
      '<START>\n{{user}}: Do you miss it?\n{{char}}: Every morning.\nAnd noon.\n<START>\n{{char}}: Hm.',
    creator_notes: 'Best at night.',
    system_prompt: '',
    post_history_instructions: 'Never break character.',
    alternate_greetings: ['Hello.'],
    character_book: {
      entries: [
        { keys: ['the crash'], content: '{{char}} crashed at Lorn in 1961.', enabled: true },
        { keys: ['x'], content: 'Hidden.', enabled: false },
      ],
    },
    tags: [],
    creator: 'somebody',
    character_version: '1',
    extensions: { other: { depth: 4 } },
  },
};
const ned: CardText = {
  format: 'dramatis-card',
  version: 1,
  name: 'Ned',
  role: 'a keeper',
  relations: [{ person: 'Marta', call: 'my sister', more: 'a cook' }],
  knowledge: ['I sold the Lamp.'],
  examples: [{ question: 'Are you well?', reply: 'As the tide lets me.' }],
  want: { '1.1': 'I want peace.' },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cards-'));
});

describe('A Tavern card', () => {
  it('becomes a card without fault, and every field is taken over or named', () => {
    const { card, left } = fromTavern(ada, 'ada.json');
    expect(cardFaults(JSON.stringify(card))).toEqual([]);
    expect(card).toEqual({
      format: 'dramatis-card',
      version: 1,
      name: 'Ada Quill',
      role: 'a retired pilot',
      manner: 'She flew the mail over the visitor’s valley. Dry, kind.',
      moments: 'Ada Quill waits in the hangar.',
      greeting: 'Mind the propeller, the visitor.',
      knowledge: [{ text: 'Ada Quill crashed at Lorn in 1961.', asks: ['the crash'] }],
      examples: [{ question: 'Do you miss it?', reply: 'Every morning. And noon.' }],
    });
    expect(left.map((one) => one.split(':')[0])).toEqual([
      'creator_notes',
      'post_history_instructions',
      'alternate_greetings',
      'creator',
      'character_version',
      'extensions',
      'character_book',
    ]);
  });

  it('is known in version 1, too, and needs a name', () => {
    const { data } = ada;
    expect(isTavern(data)).toBe(true);
    expect(fromTavern(data, 'ada.json').card.name).toBe('Ada Quill');
    expect(isTavern(ned)).toBe(false);
    expect(() => fromTavern({ data: { ...data, name: ' ' } }, 'ada.json')).toThrow(
      /"name" is empty/,
    );
  });

  it('is written with what other programs read, and comes back whole', () => {
    const written = toTavern(ned);
    expect(written.data).toMatchObject({
      name: 'Ned',
      description: "{{char}} is a keeper. Marta is {{char}}'s sister, a cook.",
      first_mes: 'I am Ned, a keeper.',
      mes_example: '<START>\n{{user}}: Are you well?\n{{char}}: As the tide lets me.',
    });
    expect(written.data.character_book?.entries).toMatchObject([
      { keys: ['Lamp'], content: 'I sold the Lamp.' },
    ]);
    expect(fromTavern(JSON.parse(JSON.stringify(written)), 'ned.json')).toEqual({
      card: ned,
      left: [],
    });
  });
});

describe('A card in an image', () => {
  it('is read from what was written, with every letter', async () => {
    const path = join(folder, 'ned.png');
    const card = { ...ned, role: 'a keeper from Łódź – “the lamp”' };
    await writeFile(path, tavernImage(card));
    expect((await openCardText(path)).card).toEqual(card);
  });

  it('replaces the one that the image had, and leaves the picture', () => {
    const once = withPngText(plainPng(), 'chara', 'old');
    const twice = withPngText(once, 'chara', 'new');
    expect(pngText(twice, 'chara')).toBe('new');
    expect(twice.toString('latin1')).not.toContain('old');
    expect(pngText(twice, 'other')).toBeUndefined();
    expect(isPng(twice)).toBe(true);
    expect(withPngText(plainPng(), 'chara', 'new')).toEqual(twice);
  });

  it('is refused without a card, and cut off', async () => {
    const bare = join(folder, 'bare.png');
    await writeFile(bare, plainPng());
    await expect(readCardFile(bare)).rejects.toThrow(/carries no character card/);
    const cut = join(folder, 'cut.png');
    await writeFile(cut, tavernImage(ned).subarray(0, -20));
    await expect(readCardFile(cut)).rejects.toThrow(/cut off/);
    expect(() => tavernImage(ned, Buffer.from('GIF89a'))).toThrow(/no PNG/);
  });
});

describe('A card file that cannot be used', () => {
  it('is refused with its line, by the one who opens it', async () => {
    const path = join(folder, 'bad.json');
    await writeFile(path, '{\n"format": "dramatis-card",\n"version": 2,\n"name": "Ned"\n}');
    await expect(openCardText(path)).rejects.toMatchObject({
      code: 'CARD_INVALID',
      message: `${path}:3: "version" is 2`,
      remedy: 'Write 1. "dramatis card check FILE" lists every fault.',
    });
  });
});
