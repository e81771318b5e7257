import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

interface Stream {
  readonly isTTY?: boolean | undefined;
}

/**
 * Colours for one stream: none unless it is a terminal that has them, none under NO_COLOR, some under
 * FORCE_COLOR whatever it is.
 *
 * @see https://no-color.org
 */
export function paintFor(stream: Stream, env: NodeJS.ProcessEnv = process.env): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const wanted = forced || (stream.isTTY === true && env.TERM !== 'dumb');
  return wanted && !env.NO_COLOR ? (style, text) => styleText(style, text) : (_, text) => text;
}
