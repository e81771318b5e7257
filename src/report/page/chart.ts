import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeMarkup } from '../../stage/export/markup.ts';
import { sha256 } from '../../store/sha256.ts';
import { palettes, withColours } from './palette.ts';

/** Width of every chart, in CSS pixels; the page scales it down. */
export const chartWidth = 940;

/**
 * A chart as inline SVG, drawn without a browser. Its colours are those of the page; it has no style of its own, which
 * the page's security policy would refuse.
 *
 * @param label What a screen reader says the chart shows.
 */
export function chart(label: string, options: PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = plot({
    width: chartWidth,
    ariaLabel: label,
    ...options,
    document: document as unknown as NonNullable<PlotOptions['document']>,
  });
  for (const style of drawn.querySelectorAll('style')) style.remove();
  const attributes = {
    role: 'img',
    color: 'var(--ink)',
    'font-family': 'inherit',
    'font-size': '12',
  };
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  // Plot counts its clip paths over all charts of a process: the same chart is to be the same bytes.
  return drawn.outerHTML.replaceAll(/plot-clip-\d+/g, `clip-${sha256(label).slice(0, 8)}`);
}

/**
 * A chart as a file of its own, on white, in the colours of print.
 *
 * @param description Kept in the file as its `desc`.
 */
export function svgFile(svg: string, description: string): string {
  const start = svg.indexOf('>') + 1;
  const head = svg
    .slice(0, start)
    .replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace('font-family="inherit"', 'font-family="Georgia, serif"');
  const inside = `<desc>${escapeMarkup(description)}</desc><rect width="100%" height="100%" fill="white"/>`;
  return `${withColours(head + inside + svg.slice(start), palettes.print)}\n`;
}
