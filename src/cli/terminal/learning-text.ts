import { rewardGain } from '../../registry/promotion-gate.ts';
import type { Figure } from '../../registry/version.ts';
import type { ReplyRunEvent } from '../../workspace/reinforce-replies.ts';

type EventOf<Kind extends ReplyRunEvent['kind']> = Extract<ReplyRunEvent, { readonly kind: Kind }>;

const names = {
  cue: 'speeches of others',
  mask: 'traps and their twins',
  known: 'names',
} as const;

/** What is asked, and what the run is stopped by. */
export function questionsText(event: EventOf<'items'>): string {
  const { character, title, learned, shadow, looked, originals } = event;
  const asked = Object.entries(names).map(([kind, name]) => `${learned[kind] ?? 0} ${name}`);
  return [
    `${character} in ${title} is asked ${asked.join(', ')}`,
    `Replies are held against ${originals} printed ones; never learned: ${shadow} questions, ${looked} of which every look asks`,
  ].join('\n');
}

/** What looks say, by the names that figures have: shown in this order. */
const figures = [
  ['expected reward', 'reward'],
  ['passed all gates', 'passed'],
  ['like the character', 'who'],
  ['fits the question', 'apt'],
  ['names who is asked for', 'known'],
  ['length and address', 'manner'],
  ['KL, nats a reply', 'kl'],
  ['words', 'words'],
] as const;

/** The version with its looks and samples, and what to do with it. */
export function learnedText(
  { version, run, before, after, samples }: EventOf<'version'>,
  model: string | undefined,
): string {
  const size = (version.bytes / 2 ** 20).toFixed(1);
  const shown = (value: number | undefined): string =>
    value === undefined ? '–' : value.toFixed(3);
  const looks =
    after === undefined
      ? []
      : [
          `${'On questions never learned'.padEnd(26)} before   after`,
          ...figures.map(
            ([label, name]) =>
              `  ${label.padEnd(24)}${shown(before?.[name]).padStart(7)}${shown(after[name]).padStart(8)}`,
          ),
        ];
  const given = model === undefined ? '' : ` --model ${model}`;
  return [
    `Version ${version.id} (${size} MiB); the run is in`,
    `  ${run}`,
    ...looks,
    ...gainText(version.metrics[rewardGain]),
    ...(before && after && (after.reward ?? 0) <= (before.reward ?? 0)
      ? ['It is no better there than before anything was learned.']
      : []),
    ...samples.flatMap(({ question, before: was, after: is }) => [
      '',
      question,
      `  before: ${was}`,
      `  after:  ${is}`,
    ]),
    '',
    'To hear it, and to measure it on scenes that it never saw:',
    `  dramatis chat "${version.character}" --adapter ${version.id}${given}`,
    `  dramatis eval session mask bits keep recite --character "${version.character}" --adapter ${version.id}${given}`,
  ].join('\n');
}

function gainText(gain: Figure | undefined): string[] {
  if (!gain) return ['Nothing is held out of this play that it could be asked about.'];
  const [value, low, high] = [gain.value, gain.low, gain.high].map((one) => one.toFixed(3));
  return [`Reward gained in scenes that are held out, asked once: ${value} [${low}, ${high}]`];
}
