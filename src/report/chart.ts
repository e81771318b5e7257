import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Width of every chart, in CSS pixels; the page scales it down. */
const chartWidth = 940;

/**
 * A chart as inline SVG, drawn without a browser.
 *
 * @param label What a screen reader says the chart shows.
 */
export function chart(label: string, options: PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = plot({
    width: chartWidth,
    style: { background: 'none', color: 'var(--ink)', fontFamily: 'inherit', fontSize: '12px' },
    ariaLabel: label,
    ...options,
    document: document as unknown as NonNullable<PlotOptions['document']>,
  });
  return drawn.outerHTML;
}
