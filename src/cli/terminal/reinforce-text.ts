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
    `${tasks.join(', ')} in ${n(plays)} ${plays === 1 ? 'play' : 'plays'}: ${n(questions)} questions on ${n(pages)} pages, ${n(tokens)} tokens`,
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
    `Version ${version.id} (${size} MiB); the run is in ${run}`,
    ...(after === undefined ? [] : [lookText('Shadow', before, after)]),
    '',
    `Measure it on plays that it never saw: dramatis ${[...measured, '--split', 'all', ...options, '--adapter', version.id].join(' ')}`,
  ].join('\n');
}

type Look = NonNullable<EventOf<'version'>['after']>;

function lookText(what: string, before: Look | undefined, after: Look): string {
  const f = (value: number): string => value.toFixed(3);
  const change = (name: string, of: (look: Look) => number): string =>
    `${name} ${before === undefined ? '' : `${f(of(before))} → `}${f(of(after))}`;
  const groups = Object.keys(after.accuracyBy).map((group) =>
    change(group, ({ accuracyBy }) => accuracyBy[group] ?? Number.NaN),
  );
  return [
    `${what}: ${change('expected reward', ({ reward }) => reward)}, ${change('accuracy', ({ accuracy }) => accuracy)} (${groups.join(', ')})`,
    `Answers without a page have moved apart by ${f(after.drift)} nats`,
  ].join('\n');
}
