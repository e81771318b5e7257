import { describe, expect, it } from 'vitest';
import { parsePlay } from './parse.ts';
import { speechParts } from './speeches.ts';

/** Who is present for each part of a speech, in one scene of Markdown: "A" is a label, "[x]" a direction. */
function present(...script: string[]): string[] {
  const body = script.map((line) =>
    line.startsWith('[') ? `_${line.slice(1, -1)}_` : `**${line}**\nWords.`,
  );
  const play = parsePlay(
    new TextEncoder().encode(`## ACT I\n\n### SCENE I\n\n${body.join('\n\n')}\n`),
  );
  return [...speechParts(play)].map(({ speech }) => `${speech.speakers}: ${speech.present}`);
}

describe('presence', () => {
  it('lets go with "Exeunt" nobody who speaks on', () => {
    expect(
      present('[Enter ANNA, BELA and CLARA]', 'ANNA', 'BELA', 'CLARA', '[Exeunt]', 'CLARA'),
    ).toEqual([
      'ANNA: ANNA,BELA,CLARA',
      'BELA: ANNA,BELA,CLARA',
      'CLARA: ANNA,BELA,CLARA',
      'CLARA: CLARA',
    ]);
  });

  it('lets a show come and go between two speeches without those who watch it', () => {
    expect(
      present(
        '[Enter ANNA and BELA]',
        'ANNA',
        '[Enter CLARA]',
        '[Exeunt]',
        'BELA',
        'ANNA',
        '[Enter CLARA]',
        'CLARA',
      ).slice(1, 3),
    ).toEqual(['BELA: ANNA,BELA', 'ANNA: ANNA,BELA']);
  });

  it('takes "Exit" for the speaker, or for the one spoken to if the speaker stays', () => {
    expect(present('[Enter ANNA and BELA]', 'ANNA', '[Exit]', 'BELA').at(-1)).toBe('BELA: BELA');
    expect(present('[Enter ANNA and BELA]', 'BELA', 'ANNA', '[Exit]', 'ANNA').at(-1)).toBe(
      'ANNA: ANNA',
    );
  });

  it('takes the dead off the stage', () => {
    expect(present('[Enter ANNA and BELA]', 'ANNA', 'BELA', '[Dies]', 'ANNA').at(-1)).toBe(
      'ANNA: ANNA',
    );
  });

  it('moves nobody whose head or body is carried', () => {
    expect(
      present(
        '[Enter ANNA]',
        'ANNA',
        "[Enter BELA with CLARA's head]",
        'BELA',
        '[Exit BELA]',
        '[Enter CLARA]',
        'CLARA',
      )[1],
    ).toBe('BELA: ANNA,BELA');
  });

  it('brings on as many of a kind as it says', () => {
    expect(
      present(
        '[Enter two Guards]',
        'FIRST GUARD',
        'SECOND GUARD',
        '[Enter ANNA]',
        'ANNA',
        'THIRD GUARD',
      ),
    ).toEqual([
      'FIRST GUARD: FIRST GUARD,SECOND GUARD',
      'SECOND GUARD: FIRST GUARD,SECOND GUARD',
      'ANNA: ANNA,FIRST GUARD,SECOND GUARD',
      'THIRD GUARD: ANNA,FIRST GUARD,SECOND GUARD,THIRD GUARD',
    ]);
  });

  it('empties the stage between scenes', () => {
    const play = parsePlay(
      new TextEncoder().encode(
        '## ACT I\n\n### SCENE I\n\n_Enter ANNA_\n\n**ANNA**\nA.\n\n### SCENE II\n\n_Enter BELA_\n\n**BELA**\nB.\n',
      ),
    );
    expect([...speechParts(play)].map(({ speech }) => speech.present)).toEqual([
      ['ANNA'],
      ['BELA'],
    ]);
  });
});
