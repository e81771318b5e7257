import { describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import { account, withoutTags } from '../testing/accounting.ts';
import { pasted } from '../testing/plays/pasted.ts';
import { shapes } from '../testing/plays/shapes.ts';
import { parsePlay } from './parse.ts';
import type { Play } from './play.ts';
import { speechParts } from './speeches.ts';
import { words } from './words.ts';

const read = (text: string): Play => parsePlay(new TextEncoder().encode(text));

describe.each([...shapes, ...pasted])(
  '$name',
  ({ text, places, speeches, spoken = [], unspoken = [] }) => {
    const play = read(text);

    it('has its acts and scenes, and its speeches by who speaks them', () => {
      const found = play.acts.map(({ number, scenes }) => [number, scenes.map((s) => s.number)]);
      expect(Object.fromEntries(found)).toEqual(places);
      const speaking = play.cast.filter((member) => member.speeches > 0);
      expect(Object.fromEntries(speaking.map((m) => [m.name, m.speeches]))).toEqual(speeches);
    });

    it('has in its speeches what is spoken, and nothing else', () => {
      const said = [...speechParts(play)].flatMap(({ speech }) => words(speech.lines.join('\n')));
      expect(said).toEqual(expect.arrayContaining([...spoken]));
      for (const word of unspoken) expect(said).not.toContain(word);
    });

    it('loses no word', () => {
      const joined = text.replace(/<(?:lb break="no"|g ref="char:EOLhyphen")\/>/g, '');
      const inWords = /<\/?(?:hi|supplied|unclear)>/g;
      const bare = text.replace(/\{\{\w+(?=\|)|\|c(?=\|)|<\/?ref>/g, '');
      const plain = text.startsWith('<') ? withoutTags(joined.replace(inWords, '')) : bare;
      const seen = plain.normalize('NFC').replace(/[\u200b\u2060\u200e]/g, '');
      const missing = account(seen, play).lost;
      expect(missing).toEqual([]);
    });
  },
);

describe('A title page', () => {
  it('gives what the play is called, not what it is', () => {
    const play = read('The Mill\nA play in one act\nby Nobody\n\nNELL: Ho?\nTOM: Ho.\nNELL: In.\n');
    expect(play.title).toBe('The Mill');
  });
});

describe('A text that is no play', () => {
  it('is refused where most of its words have no speaker, and read all the same if one insists', () => {
    const prose = 'It rained on the weir all that day and nobody came down to look. '.repeat(8);
    const text = new TextEncoder().encode(
      `NELL: Hello.\nTOM: Good evening.\n\nScene 2\n\n${prose}\n`,
    );
    expect(() => parsePlay(text)).toThrow(/^most of the words \(\d+ of \d+\) have no speaker/);
    expect(parsePlay(text, { force: true }).cast.map(({ name }) => name)).toContain('NELL');
  });

  it('is answered with three lines that are read', () => {
    const remedy = (() => {
      try {
        read('Dear diary, nothing happened today.\n\nNor will it tomorrow.');
        return '';
      } catch (error) {
        return (error as { remedy: string }).remedy;
      }
    })();
    const example = remedy.split('\n').filter((line) => line.startsWith('  '));
    expect(example).toHaveLength(3);
    expect(
      read(example.join('\n'))
        .cast.map(({ name }) => name)
        .sort(),
    ).toEqual(['NELL', 'TOM']);
  });

  it.each([
    [
      'a mail',
      'From: Nell\nTo: Tom\nSubject: The mill\nDate: Monday\n\nDear Tom, the mill is shut.\n',
    ],
    [
      'a contract',
      'AGREEMENT\n\n1. Terms. The mill is let.\n2. Rent. A crown a year.\n3. Repairs. By the miller.\n4. End. At will.\n',
    ],
    ['a poem', 'THE MILL\n\nThe mill is still to-night,\nThe weir is full.\n'],
    [
      'subtitles',
      '1\n00:00:01,000 --> 00:00:02,000\nWho goes there?\n\n2\n00:00:03,000 --> 00:00:04,000\nOnly me.\n',
    ],
  ])('is refused: %s', (_, text) => {
    expect(() => read(text)).toThrow(DramatisError);
  });

  it.each([
    ['%PDF-1.7\n', 'a PDF file'],
    ['{\\rtf1\\ansi', 'a rich text file (.rtf)'],
    ['PK\x03\x04 word/document.xml', 'a Word document (.docx)'],
    ['PK\x03\x04mimetypeapplication/epub+zip', 'an e-book (.epub)'],
  ])('is refused by name: %j', (head, name) => {
    expect(() => parsePlay(Buffer.from(head, 'latin1'))).toThrow(`this is ${name}, not text`);
  });
});
