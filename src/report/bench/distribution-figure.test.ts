import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { distributionFigure } from './distribution-figure.ts';
import { inventRun } from './results.test.support.ts';
import { markRuns } from './run.ts';

function drawn(runs = [inventRun()]) {
  const figure = distributionFigure(markRuns(runs));
  if (figure.kind !== 'drawn') throw new Error(figure.why);
  const { document } = parseHTML(figure.svg);
  const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
  const lines = [...document.querySelectorAll('g[aria-label="line"]')];
  const strokes = lines.map((line) =>
    ['stroke', 'stroke-dasharray', 'stroke-width'].map((name) => line.getAttribute(name)),
  );
  return { figure, texts, strokes };
}

describe('the figure of distributions', () => {
  const { figure, texts, strokes } = drawn();

  it('tells lines apart by dashes, by colour and by a name at the end', () => {
    const [original, run, base] = strokes;
    expect(new Set([original![0], run![0], base![0]]).size).toBe(3);
    expect(new Set([original![1], run![1], base![1]]).size).toBe(3);
    for (const name of ['original', 'A', 'A base']) expect(texts).toContain(name);
  });

  it('draws the originals unbroken, and stronger than all others', () => {
    const [original, ...others] = strokes.slice(0, 3);
    expect(original![1]).toBeNull();
    for (const other of others) expect(Number(original![2])).toBeGreaterThan(Number(other[2]));
  });

  it('says the medians under each panel, and of how many values', () => {
    const { rows } = inventRun().results.distributions![0]!;
    const middle = (row: string) => rows[row]![Math.ceil(rows[row]!.length / 2) - 1];
    expect(texts).toContain(
      `Medians: original ${middle('original')} (n = 240), A ${middle('subject')} (n = 20), A base ${middle('base')} (n = 20).`,
    );
    expect(texts).toContain('Median: original 0.250 (n = 16).');
  });

  it('has a panel for each metric, named by its task and what a value is', () => {
    expect(texts).toContain('style · words of a reply');
    expect(texts).toContain('duet · share of the turns that a speaker has');
    expect(figure.caption).toContain('Words are on a logarithmic axis.');
  });

  it('has a stroke of its own for each of twelve runs', () => {
    const runs = Array.from({ length: 12 }, (_, i) => inventRun({ skill: i / 12 }));
    const inStyle = drawn(runs).strokes.slice(0, 13);
    expect(new Set(inStyle.map((stroke) => stroke.join())).size).toBe(13);
  });

  it('says why it is not there for results that have none', () => {
    const run = inventRun();
    const { distributions: _, ...older } = run.results;
    const missing = distributionFigure(markRuns([{ ...run, results: older }]));
    expect(missing).toMatchObject({ kind: 'left out', why: expect.stringMatching(/style, duet/) });
  });
});
