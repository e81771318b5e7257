import { describe, expect, it } from 'vitest';
import { parsePlay } from '../parse.ts';
import type { Play } from '../play.ts';
import { speeches } from '../speeches.ts';

const read = (text: string, title?: string): Play =>
  parsePlay(new TextEncoder().encode(text), title === undefined ? {} : { title });
const said = (play: Play): string[] =>
  [...speeches(play)].map(
    ({ speech }) => `${speech.place} ${speech.speakers}: ${speech.lines.join(' / ')}`,
  );

describe('a table', () => {
  it('may have its columns in any order, in any case', () => {
    const text =
      'Text,CHARACTER,Scene,act\n"Hello, you",Anna,2,1\nAgain,Anna,2,1\nYes,BELA,2,1\nNo,bela,1,2\n';
    expect(read(text).format).toBe('csv');
    expect(said(read(text))).toEqual([
      '1.2.1 ANNA: Hello, you / Again',
      '1.2.3 BELA: Yes',
      '2.1.1 BELA: No',
    ]);
  });

  it('may write "Act 1" and "Scene II", and part its cells with semicolons or tabs', () => {
    const text = 'act;scene;speaker;line\nAct 1;Scene II;Anna;Hello\nAct 1;Scene III;Anna;Bye\n';
    expect(said(read(text))).toEqual(['1.2.1 ANNA: Hello', '1.3.1 ANNA: Bye']);
    expect(said(read(text.replaceAll(';', '\t')))).toEqual(said(read(text)));
  });

  it('may have directions as rows of their kind, or without a speaker', () => {
    const text =
      'act,scene,speaker,text\n1,1,,Enter Anna\n1,1,Anna,Hello\n1,1,[stage direction],Exit\n';
    const { elements } = read(text).acts[0]!.scenes[0]!;
    expect(elements.map(({ kind }) => kind)).toEqual(['direction', 'speech', 'direction']);
  });

  it('gives one play of several: the one asked for, or the first', () => {
    const text = 'play,act,scene,speaker,text\nOne,1,1,Anna,Hello\nTwo,1,1,Bela,Hi\n';
    expect(said(read(text))).toEqual(['1.1.1 ANNA: Hello']);
    expect(read(text).title).toBe('One');
    expect(said(read(text, 'two'))).toEqual(['1.1.1 BELA: Hi']);
    expect(read(text).boilerplate!.at(-1)!.text).toBe('1 rows of other plays left out');
  });

  it('may have quotes that nobody closes', () => {
    const text = 'act,scene,speaker,text\n1,1,Anna,6" of rope\n1,1,Bela,"all right"\n';
    expect(said(read(text))).toEqual(['1.1.1 ANNA: 6" of rope', '1.1.2 BELA: all right']);
  });
});
