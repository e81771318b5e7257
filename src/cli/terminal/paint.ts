import { styleText } from 'node:util';
import { printable, styled } from './terminal-text.ts';

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

interface Stream {
  readonly isTTY?: boolean | undefined;
}

/**
 * Colours for one stream: none unless it is a terminal that has them, none under NO_COLOR, some under
 * FORCE_COLOR whatever it is. What is painted is to be printed by an `Output`, which alone knows the marks in it.
 *
 * @see https://no-color.org
 */
export function paintFor(stream: Stream, env: NodeJS.ProcessEnv = process.env): Paint {
  return hasColours(stream, env)
    ? (style, text) => styled(styleText(style, printable(text), { validateStream: false }))
    : (_, text) => text;
}

/** Whether colours are wanted on a stream: see `paintFor`. */
export function hasColours(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const wanted = forced || (stream.isTTY === true && env.TERM !== 'dumb');
  return wanted && !env.NO_COLOR;
}
