import type { VersionDifference } from '../../registry/diff-versions.ts';
import type { HistoryEvent } from '../../registry/history-event.ts';
import type { GateReport } from '../../registry/promotion-gate.ts';
import { isOpen } from '../../registry/refusal.ts';
import type { AdapterVersion, Figure, Json } from '../../registry/version.ts';
import { printable } from './terminal-text.ts';

const columns = 80;

/** One line of at most 80 columns for each. */
export function listText(
  versions: readonly (AdapterVersion & { readonly promoted: boolean })[],
): string {
  const lines = versions.map(({ id, promoted, character, play, base, form, date, metrics }) =>
    [
      `${promoted ? '*' : ' '} ${id}`,
      fitted(character ?? '(all)', 14),
      fitted(play, 11),
      fitted(base.name, 14),
      form.padEnd(6),
      date.slice(0, 10),
      gain(metrics['bits gain']),
    ]
      .join(' ')
      .trimEnd(),
  );
  return [
    '  id           character      play        base           form   date       bits',
    ...lines,
  ].join('\n');
}

const gain = (found: Figure | undefined): string => (found ? found.value.toFixed(3) : '');

function fitted(text: string, width: number): string {
  const plain = printable(text);
  return (plain.length > width ? `${plain.slice(0, width - 1)}…` : plain).padEnd(width);
}

/** A name and its value on each line, then the figures, the gate, and what happened. */
export function showText({
  version,
  metrics,
  gate,
  events,
}: {
  readonly version: AdapterVersion;
  readonly metrics: Readonly<Record<string, Figure>>;
  readonly gate: GateReport;
  readonly events: readonly HistoryEvent[];
}): string {
  const { character, play, edition, base, form, templateVersion, scope, layer, on, rank } = version;
  const { kind, plays = [] } = version;
  const facts: [string, string][] = [
    ['id', version.id],
    ['sha256', version.sha256],
    ['character', character ?? '(all speakers)'],
    ['play', `${play}, text ${edition.slice(0, 12)}`],
    ['kind', kind ?? ''],
    ['plays', plays.join(', ')],
    ['base', `${base.name}, ${base.sha256.slice(0, 12)}`],
    ['form', `${form}, template version ${templateVersion}`],
    ['layer', `${layer}${on === undefined ? '' : ` on ${on}`}, applied to each ${scope}`],
    ['size', `rank ${rank}, alpha ${short(version.alpha)}, ${version.bytes} bytes`],
    ['data', version.data.slice(0, 12) || 'not known'],
    ['made', `${version.date} by ${version.by}`],
    ['parent', version.parent ?? ''],
    ['note', version.note ?? ''],
  ];
  const there = (pairs: [string, string][]) =>
    pairs.filter(([, text]) => text !== '').flatMap(([name, text]) => field(name, text));
  return [
    ...there(facts),
    ...recipeLines(version.recipe),
    ...there([['norms', listed(version.norms)]]),
    ...Object.entries(metrics).flatMap(([name, found]) => field(name, figure(found))),
    gateText(gate),
    ...events.flatMap((event) => field(event.date.slice(0, 10), told(event))),
  ].join('\n');
}

/** One check after another, each with its reason. */
export function gateText({ checks }: GateReport): string {
  return checks
    .flatMap((check) => field(`${verdict(check).padEnd(6)}  ${check.name}`, check.says))
    .join('\n');
}

/** A check that lacks its figure is open: an unmeasured version is not a bad one. */
function verdict(check: GateReport['checks'][number]): string {
  if (check.passes) return 'passes';
  return isOpen(check) ? 'open' : 'FAILS';
}

/** Each setting of a recipe on a line of its own; what is plain data inside another is listed with commas. */
function recipeLines(recipe: Json): string[] {
  if (recipe === null || typeof recipe !== 'object' || Array.isArray(recipe))
    return recipe === null ? [] : field('recipe', settingText(recipe));
  const entries = Object.entries(recipe).filter(([, value]) => value !== null);
  return entries.flatMap(([key, value], i) =>
    field(
      i === 0 ? 'recipe' : '',
      `${optionNames[key] ?? key} ${key === 'layers' ? span(value) : settingText(value)}`,
    ),
  );
}

/** Settings under the names that the options of "dramatis train" have. */
const optionNames: Readonly<Record<string, string>> = {
  rate: '--lr',
  batchTokens: '--batch',
  rankStabilised: '--rslora',
  ...Object.fromEntries(
    [
      ...['form', 'rank', 'alpha', 'scope', 'dropout', 'layers', 'matrices', 'epochs', 'context'],
      ...['patience', 'objective', 'beta', 'seed', 'fold'],
    ].map((name) => [name, `--${name}`]),
  ),
};

/** First and last, as an option takes them: "20-29". */
const span = (value: Json): string => (Array.isArray(value) ? value.join('-') : String(value));

function settingText(value: Json): string {
  if (Array.isArray(value)) return value.map(settingText).join(', ');
  if (value === null || typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${settingText(inner)}`)
    .join(', ');
}

function told(event: HistoryEvent): string {
  switch (event.kind) {
    case 'promote':
      return `promoted by ${event.by}`;
    case 'force':
      return `forced by ${event.by}: ${event.reason}`;
    case 'rollback':
      return `rolled back from ${event.from} to ${event.to ?? 'the base'} by ${event.by}: ${event.reason || 'no reason given'}`;
    case 'prune':
      return `pruned by ${event.by}: ${event.reason}`;
    case 'measure':
      return `measured by ${event.by}: ${Object.keys(event.metrics).join(', ')}`;
  }
}

/** In what two versions differ: three lines a field, since a hash has 64 digits. */
export function diffText(
  a: AdapterVersion,
  b: AdapterVersion,
  differences: readonly VersionDifference[],
): string {
  if (differences.length === 0) return `${a.id} and ${b.id} are the same`;
  return differences
    .flatMap(({ field: name, a: left, b: right }) => [
      name,
      ...field(`- ${a.id}`, String(left ?? '')),
      ...field(`+ ${b.id}`, String(right ?? '')),
    ])
    .join('\n');
}

const nameWidth = 16;

/** Words that do not fit go on below, under the first; a word too long for a line is cut into lines. */
function field(name: string, text: string): string[] {
  const width = columns - nameWidth;
  const lines: string[] = [];
  let line = '';
  const words = printable(text.replaceAll(/\s+/g, ' ')).split(' ');
  for (const word of words.flatMap((long) => long.match(pieces(width)) ?? [''])) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, i) => `${(i === 0 ? name : '').padEnd(nameWidth)}${one}`);
}

const pieces = (width: number): RegExp => new RegExp(`.{1,${width}}`, 'gu');
const short = (value: number): string => String(Number(value.toPrecision(3)));
const figure = ({ value, low, high, n }: Figure): string =>
  `${short(value)} [${short(low)}, ${short(high)}], n ${n}`;
const listed = (norms: Readonly<Record<string, number>>): string =>
  Object.entries(norms)
    .map(([kind, norm]) => `${kind} ${short(norm)}`)
    .join(', ');
