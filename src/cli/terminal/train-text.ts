import type { TrainEvent } from '../../workspace/train-adapter.ts';
import { duration } from './eval-progress.ts';
import { wrap } from './word-wrap.ts';

type EventOf<Kind extends TrainEvent['kind']> = Extract<TrainEvent, { readonly kind: Kind }>;

const n = (value: number): string => value.toLocaleString('en');
const nats = (value: number): string => value.toFixed(3);

/** What is learned from, and what the run is stopped by where the character says nothing in the dev scenes. */
export function rowsText(event: EventOf<'rows'>): string {
  const { title, character, rows, tokens, learned, devRows, devScenes } = event;
  const who = character ?? 'Everybody';
  const lines = [
    `${who} in ${title}: ${n(rows)} rows, ${n(tokens)} tokens, ${n(learned)} of them learned`,
  ];
  if (devScenes) {
    const scenes = `${devScenes.length === 1 ? 'scene' : 'scenes'} ${devScenes.join(', ')}`;
    lines.push(`${who} says nothing in the dev scenes: ${scenes} of the train scenes stands in.`);
  } else if (devRows === 0)
    lines.push(
      `${who} says nothing in the dev scenes, and too little to spare a train scene for them: the run`,
      'goes on to its last step, and there is no loss to tell its version by.',
    );
  return lines.join('\n');
}

export function estimateText({ seconds, tokensPerSecond }: EventOf<'estimate'>): string {
  return `About ${duration(seconds)}, by the ${n(Math.round(tokensPerSecond))} tokens a second of the last run here.`;
}

/** What the commands that go on from a version must be told again. */
export interface NextOptions {
  readonly play?: string | undefined;
  readonly model?: string | undefined;
  readonly recipe?: { readonly form?: string | undefined } | undefined;
  readonly promote?: boolean | undefined;
}

/**
 * What the character said before and after, the version with its loss, and what to do with it.
 *
 * @param width Characters in a line of what was said; commands stay whole, to be copied.
 */
export function versionText(
  event: EventOf<'version'>,
  given: NextOptions,
  width = Number.POSITIVE_INFINITY,
): string {
  const { version, run, samples } = event;
  const said = samples.flatMap(({ question, before, after }) => [
    question,
    `  before: ${before ?? ''}`,
    `  after:  ${after}`,
  ]);
  return [
    ...said.map((line) => wrap(line, width)),
    ...(said.length > 0 ? [''] : []),
    `Version ${version.id} (${(version.bytes / 2 ** 20).toFixed(1)} MiB); the run is in ${run}`,
    ...lossText(event),
    ...(given.promote ? [] : nextLines(event, given)),
  ].join('\n');
}

function lossText({ devLoss: { before, after } }: EventOf<'version'>): string[] {
  if (after === undefined) return [];
  const change = before === undefined ? '' : `${nats(before)} before training, `;
  return [`Loss on the dev scenes: ${change}${nats(after)} after (nats a token)`];
}

function nextLines({ version }: EventOf<'version'>, given: NextOptions): string[] {
  const { id, character, play } = version;
  const options = [
    ...(given.play === undefined && character !== null ? [] : ['--play', given.play ?? play]),
    ...(given.model === undefined ? [] : ['--model', given.model]),
    ...(given.recipe?.form === undefined ? [] : ['--form', given.recipe.form]),
  ].map(quoted);
  const name = character === null ? undefined : quoted(character.toLowerCase());
  const whom = name === undefined ? [] : ['--character', name];
  const line = (what: string, ...words: readonly string[]): string =>
    `${what.padEnd(15)}dramatis ${words.join(' ')}`;
  return [
    '',
    ...(name === undefined
      ? []
      : [line('Talk with it:', 'chat', name, ...options, '--adapter', id)]),
    line(
      'Measure it:',
      ...['eval', 'bits', 'voice', 'keep', ...whom, ...options, '--split', 'dev'],
      ...['--adapter', id, '--json', 'dev.json'],
    ),
    line('Put it in use:', 'adapters', 'promote', id, '--results', 'dev.json', '--measure'),
  ];
}

const quoted = (word: string): string => (/^[\w./:@#-]+$/.test(word) ? word : `'${word}'`);
