import type { ReinforceEvent } from '../../workspace/reinforce-choice.ts';

type EventOf<Kind extends ReinforceEvent['kind']> = Extract<
  ReinforceEvent,
  { readonly kind: Kind }
>;

const n = (value: number): string => value.toLocaleString('en');

/** What is learned, and what the run is stopped by. */
export function itemsText(event: EventOf<'items'>): string {
  const { tasks, plays, pages, questions, tokens, shadow, looked } = event;
  return [
    `${tasks.join(', ')} in ${n(plays)} ${plays === 1 ? 'play' : 'plays'}: ${n(questions)} questions, ${n(pages)} pages, ${n(tokens)} tokens`,
    `Never learned: ${n(shadow)} more, ${n(looked)} of which every look asks`,
  ].join('\n');
}

/** What `eval` is to be given to measure a version on plays that it never saw. */
interface Measured {
  readonly model?: string | undefined;
  readonly tasks: readonly string[];
  readonly playFold: number;
}

/** The version with its looks, and what to do with it. */
export function reinforcedText(
  { version, run, before, after }: EventOf<'version'>,
  { model, tasks, playFold }: Measured,
): string {
  const size = (version.bytes / 2 ** 20).toFixed(1);
  const measured = ['eval', ...tasks, '--canon', '--play-fold', String(playFold)];
  const options = [...(model === undefined ? [] : ['--model', model]), '--form', version.form];
  return [
    `Version ${version.id} (${size} MiB); the run is in`,
    `  ${run}`,
    ...(after === undefined ? [] : looksText(before, after)),
    ...(before && after && after.reward <= before.reward
      ? ['It is no better there than before anything was learned.']
      : []),
    '',
    'To measure it on plays that it never saw:',
    `  dramatis ${[...measured, '--split', 'all', ...options, '--adapter', version.id].join(' ')}`,
  ].join('\n');
}

type Look = NonNullable<EventOf<'version'>['after']>;

/** What the shadow said before and after, a figure a line. */
function looksText(before: Look | undefined, after: Look): string[] {
  const line = (name: string, of: (look: Look) => number | undefined): string => {
    const [was, is] = [before && of(before), of(after)];
    return `  ${name.padEnd(24)}${shown(was).padStart(7)}${shown(is).padStart(8)}`;
  };
  return [
    `${'On questions never learned'.padEnd(26)} before   after`,
    line('expected reward', ({ reward }) => reward),
    line('accuracy', ({ accuracy }) => accuracy),
    ...Object.keys(after.accuracyBy).map((group) =>
      line(`  of "${group}"`, ({ accuracyBy }) => accuracyBy[group]),
    ),
    line('drift without a page', ({ drift }) => drift),
  ];
}

const shown = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(3));
