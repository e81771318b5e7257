import type { ToldReply } from '../../reinforce/replies/reply-objective.ts';
import { gateNames } from '../../reinforce/reward/gates.ts';
import { escapeMarkup } from '../../stage/export/markup.ts';
import type { ReplyRun } from '../../workspace/runs/reply-run.ts';
import { missing, shown } from '../bench/number.ts';
import { figure, table } from '../bench/table.ts';
import { htmlPage } from '../page/html.ts';
import { curves, inRuns, type Point, section } from './curves.ts';

/** Runs of `reinforce replies` as one page: rewards beside the shadow's, how far the policy went, why replies got nothing. */
export function repliesPage(runs: readonly ReplyRun[]): string {
  const marked = runs.map((run, i) => ({ run, letter: String.fromCharCode(65 + (i % 26)) }));
  const names = [...new Set(runs.map(({ config }) => config.character))];
  const title = `Learning from replies: ${names.join(', ')}`;
  return htmlPage(
    title,
    [
      `<h1>${escapeMarkup(title)}</h1>`,
      '<p>A reply is worth 0 unless it passes all gates, and else the mean of up to four parts from 0 to 1. The shadow is questions that are never learned: a run is stopped, and its best step chosen, by them. Scenes that are held out are asked once, at the end; <code>dramatis adapters</code> shows what they said.</p>',
      runsTable(marked),
      ...drawings.map((drawing) => drawn(marked, drawing)),
      looksTable(marked),
      ...marked.map(failures),
      ...marked.map(samples),
    ].join('\n'),
  );
}

interface Marked {
  readonly run: ReplyRun;
  readonly letter: string;
}

const ends = {
  done: 'all steps',
  early: 'the shadow got no better',
  time: 'time was over',
  rule: 'a stop rule',
};

function runsTable(marked: readonly Marked[]): string {
  const heads = [
    ...['run', 'character', 'method', 'sampler', 'model', 'control', 'seed'],
    ...['steps', 'ended', 'best step', 'version'],
  ];
  return table(
    heads,
    marked.map(({ letter, run: { name, config, steps, end, version } }) => [
      `${letter} ${name}`,
      config.character,
      config.recipe.method,
      config.recipe.sampler,
      `${config.base.slice(0, 12)}${config.on === null ? '' : ` on ${config.on}`}, ${config.recipe.form}`,
      config.recipe.control,
      figure(String(config.recipe.seed)),
      figure(`${steps.at(-1)?.step ?? 0} of ${config.recipe.steps}`),
      end
        ? `${ends[end.why]}${end.rule ? ` (${end.rule.rule}: ${end.rule.says})` : ''}`
        : 'not yet',
      figure(String(end?.best?.step ?? missing)),
      version ?? missing,
    ]),
  );
}

/** A figure of steps and looks that is drawn. */
interface Drawing {
  readonly name: string;
  readonly label: string;
  readonly caption: string;
}

const both = 'Grey: what is learned. Colour: the shadow, at every look.';
const drawings: readonly Drawing[] = [
  {
    ...{ name: 'reward', label: 'Reward' },
    caption: `${both} Where grey rises and colour does not, questions are learned by heart.`,
  },
  { name: 'passed', label: 'Share that passes all gates', caption: both },
  {
    ...{ name: 'kl', label: 'Distance from the policy before, nats a reply' },
    caption: `${both} Best of eight replies is at 1.2; a run is stopped at 4.`,
  },
  {
    ...{ name: 'entropy', label: 'Nats a token of what is drawn' },
    caption: `${both} Where it falls, replies become all alike.`,
  },
  { name: 'words', label: 'Words a reply', caption: both },
];

/** Points of a curve of what is learned: steps swing, so each is a mean. */
const points = 30;

function drawn(marked: readonly Marked[], { name, label, caption }: Drawing): string {
  const learned = marked.flatMap(({ run: { steps }, letter }) =>
    inRuns(steps, Math.ceil(steps.length / points)).map(
      (some): Point => ({
        ...{ name: letter, x: some.at(-1)!.step },
        y: some.reduce((sum, { figures }) => sum + (figures[name] ?? 0), 0) / some.length,
      }),
    ),
  );
  const looks = marked.flatMap(({ run, letter }) =>
    run.looks.map(({ step, figures }): Point => ({ name: letter, x: step, y: figures[name] ?? 0 })),
  );
  return section(label, curves(label.toLowerCase(), { learned, looks }), caption);
}

/** What looks say, in this order. */
const looked = [
  ...['reward', 'passed', 'who', 'apt', 'known', 'manner', 'kl', 'entropy', 'words', 'ended'],
  ...['distinct2', 'copied', 'prose', 'own'],
];

function looksTable(marked: readonly Marked[]): string {
  const rows = marked.flatMap(({ run, letter }) => {
    const [best, last] = [run.end?.best?.step, run.looks.at(-1)?.step];
    return [
      { what: 'before', step: 0 },
      { what: 'best', step: best },
      ...(last === 0 || last === best ? [] : [{ what: 'last', step: last }]),
    ].flatMap(({ what, step }) => {
      const look = run.looks.find((one) => one.step === step);
      if (!look) return [];
      const values = looked.map((name) => figure(shown(look.figures[name] ?? Number.NaN, 'share')));
      return [[letter, what, figure(String(look.step)), ...values]];
    });
  });
  return `<section><h2>The shadow before, at its best and at last</h2>${table(['run', 'look', 'step', ...looked], rows)}<p class="note">Prose and own: bits a byte of plain prose, and of the character's own speeches in dev scenes.</p></section>`;
}

/** Replies of each gate that are shown: the last. */
const shownOfGate = 3;

function failures({ run, letter }: Marked): string {
  const all = run.replies.flatMap(({ step, replies }) => replies.map((one) => ({ ...one, step })));
  const early = all.slice(0, Math.ceil(all.length / 2));
  const late = all.slice(early.length);
  const share = (some: readonly ToldReply[], gate: string): string =>
    some.length === 0
      ? missing
      : `${((100 * some.filter((one) => one.gate === gate).length) / some.length).toFixed(1)} %`;
  const rows = gateNames.flatMap((gate) => {
    const failed = all.filter((one) => one.gate === gate);
    if (failed.length === 0) return [];
    const examples = failed
      .slice(-shownOfGate)
      .map(({ step, text, says }) => `step ${step}: ${says} — ${text}`)
      .join('\n');
    const count = figure(String(failed.length));
    return [[gate, count, figure(share(early, gate)), figure(share(late, gate)), examples]];
  });
  const heads = ['gate', 'replies', 'first half', 'second half', 'reason and reply, the last ones'];
  return `<section><h2>Why replies got nothing, run ${letter}</h2>${table(heads, rows)}<p class="note">A reply counts for the first gate that it does not pass; ${all.length} replies in all. All of them are in the run's events.jsonl.</p></section>`;
}

function samples({ run, letter }: Marked): string {
  const rows = run.samples.map(({ question, before, after }) => [question, before, after]);
  if (rows.length === 0) return '';
  return `<section><h2>Before and after, run ${letter}</h2>${table(['asked', 'before', 'after'], rows)}<p class="note">At the same seed, as in a conversation.</p></section>`;
}
