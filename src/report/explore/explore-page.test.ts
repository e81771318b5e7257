import { describe, expect, it } from 'vitest';
import { explore } from '../../play/explore.ts';
import { parsePlay } from '../../play/parse.ts';
import { explorePage } from './explore-page.ts';
import { exploreText } from './explore-text.ts';

const text = `# A <b>Bold</b> Play\n\n## ACT I\n\n### SCENE I\n\n_Enter ANNA and BELA_\n\n${'**ANNA**\nHello there, "friend" & foe.\n\n**BELA**\nAnd you.\n\n'.repeat(40)}`;
const exploration = explore(parsePlay(new TextEncoder().encode(text)));

describe('the page of a play', () => {
  const page = explorePage(exploration);

  it('fetches nothing and runs nothing', () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/i);
  });

  it('has a chart for everything that is counted', () => {
    expect(page.match(/<svg/g)).toHaveLength(4);
    for (const label of ['Words spoken', 'by their length', 'on stage', 'answers whom'])
      expect(page).toMatch(new RegExp(`aria-label="[^"]*${label}`));
  });

  it('shows the text of a play as text', () => {
    expect(page).not.toContain('<b>Bold');
    expect(page).toContain('&#60;b&#62;Bold');
  });
});

describe('the summary for a terminal', () => {
  it('fits 80 columns', () => {
    const lines = exploreText(exploration).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toContain('ANNA after BELA');
  });
});
