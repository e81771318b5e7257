import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StopScanner, Utf8Stream } from './text.ts';

/** Cuts `whole` at the places given, as token boundaries would. */
function pieces<T extends string | Uint8Array>(whole: T, cuts: readonly number[]): T[] {
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, i) => whole.slice(places[i]!, end) as T);
}

describe('Utf8Stream', () => {
  it('gives back any text however its bytes are parted, never half a character', () => {
    // The sign for half a character is a character too: a text that has it says nothing.
    const texts = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\uFFFD'));
    fc.assert(
      fc.property(texts, fc.array(fc.nat()), (text, cuts) => {
        const stream = new Utf8Stream();
        const out = pieces(new TextEncoder().encode(text), cuts).map((bytes) => stream.push(bytes));
        expect(out.join('')).not.toContain('\uFFFD');
        expect(out.join('') + stream.flush()).toBe(text);
      }),
    );
  });
});

describe('StopScanner', () => {
  const words = fc.stringMatching(/^[ab:\n]{0,12}$/);

  it('shows exactly what stands before the first stop, however the text is parted', () => {
    const stops = fc.array(fc.stringMatching(/^[ab:\n]{1,4}$/), { maxLength: 3 });
    fc.assert(
      fc.property(words, stops, fc.array(fc.nat()), (text, stops, cuts) => {
        const scanner = new StopScanner(stops);
        let shown = '';
        let stopped = false;
        for (const piece of pieces(text, cuts)) {
          const found = scanner.push(piece);
          shown += found.text;
          if (found.stop !== undefined) {
            stopped = true;
            break;
          }
        }
        if (!stopped) shown += scanner.flush();
        const firsts = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
        expect(stopped).toBe(firsts.length > 0);
        // A stop that is complete before an earlier, longer one could be: the shorter ends it.
        if (!stopped) expect(shown).toBe(text);
        else expect(text.startsWith(shown)).toBe(true);
        for (const stop of stops) expect(shown.includes(stop)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds back what may become a stop and releases it when it does not', () => {
    const scanner = new StopScanner(['\nOPHELIA:']);
    expect(scanner.push('Aye.\nOPH')).toEqual({ text: 'Aye.' });
    expect(scanner.push('ANIM')).toEqual({ text: '\nOPHANIM' });
    expect(scanner.push('\nOPHELIA')).toEqual({ text: '' });
    expect(scanner.push(': no')).toEqual({ text: '', stop: '\nOPHELIA:' });
  });
});
