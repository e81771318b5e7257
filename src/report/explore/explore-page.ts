import { barX, barY, cell, ruleX, text } from '@observablehq/plot';
import type { Exploration } from '../../play/explore.ts';
import { escapeMarkup } from '../../stage/export/markup.ts';
import { chart } from '../page/chart.ts';
import { htmlPage } from '../page/html.ts';

/** Characters that the charts show, the most talkative first. */
const inBars = 25;
const inMatrix = 28;
const inAnswers = 14;
const rowHeight = 20;

/** A play looked at, as one page that needs nothing but itself. */
export function explorePage(exploration: Exploration): string {
  const sections = [
    header,
    wordsPerCharacter,
    speechLengths,
    presence,
    whoAnswersWhom,
    vocabulary,
    cleaning,
  ];
  return htmlPage(exploration.title, sections.map((section) => section(exploration)).join('\n'));
}

function header({ title, format, totals }: Exploration): string {
  const figures: [string, number][] = [
    ['acts', totals.acts],
    ['scenes', totals.scenes],
    ['speeches', totals.speeches],
    ['lines', totals.lines],
    ['words', totals.words],
    ['stage directions', totals.directions],
  ];
  return `<h1>${escapeMarkup(title)}</h1>
<p class="note">Read from ${escapeMarkup(format)}. A word is a run of letters or digits, inner apostrophes and hyphens
included; stage directions are not counted. A speech that goes on after a direction is one speech. A joint
speech counts for each of its speakers; there are ${totals.jointSpeeches}.</p>
<dl class="figures">${figures
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value.toLocaleString('en')}</dd></div>`)
    .join('')}</dl>`;
}

function section(heading: string, note: string, content: string): string {
  return `<section>
<h2>${escapeMarkup(heading)}</h2>
<p class="note">${escapeMarkup(note)}</p>
${content}
</section>`;
}

const figure = (svg: string): string => `<figure>${svg}</figure>`;

function wordsPerCharacter({ characters }: Exploration): string {
  const shown = characters.slice(0, inBars);
  const svg = chart('Words spoken by each character', {
    height: 50 + rowHeight * shown.length,
    marginLeft: 150,
    marginRight: 130,
    x: { label: 'words', grid: true },
    y: { label: null, domain: shown.map(({ name }) => name), tickSize: 0 },
    marks: [
      barX(shown, { x: 'words', y: 'name', fill: 'var(--accent)' }),
      text(shown, {
        x: 'words',
        y: 'name',
        dx: 5,
        textAnchor: 'start',
        fill: 'var(--soft)',
        text: ({ words, speeches }) => `${words.toLocaleString('en')} in ${speeches}`,
      }),
      ruleX([0]),
    ],
  });
  const rest = characters.length - shown.length;
  const more = rest > 0 ? ` ${rest} more speak less than these.` : '';
  return section('Who speaks', `Words, and in how many speeches.${more}`, figure(svg));
}

function speechLengths({ speechLengths: rows, characters }: Exploration): string {
  const labels = rows.map(({ upToWords }, i) => {
    const from = (rows[i - 1]?.upToWords ?? 0) + 1;
    return Number.isFinite(upToWords) ? `${from}–${upToWords}` : `${from} and more`;
  });
  const data = rows.map(({ speeches }, i) => ({ words: labels[i]!, speeches }));
  const svg = chart('Speeches by their length in words', {
    height: 260,
    marginLeft: 50,
    x: { label: null, domain: labels, tickSize: 0 },
    y: { label: 'speeches', grid: true },
    marks: [
      barY(data, { x: 'words', y: 'speeches', fill: 'var(--accent)' }),
      text(data, {
        x: 'words',
        y: 'speeches',
        dy: -7,
        fill: 'var(--soft)',
        text: ({ speeches }) => String(speeches),
      }),
    ],
  });
  const longest = [...characters].sort((a, b) => b.longestSpeechWords - a.longestSpeechWords)[0];
  const note = longest
    ? ` The longest, of ${longest.longestSpeechWords} words, is spoken by ${longest.name}.`
    : '';
  return section('How long they speak', `Speeches by their length in words.${note}`, figure(svg));
}

function presence({ scenes, characters }: Exploration): string {
  const shown = characters.slice(0, inMatrix).map(({ name }) => name);
  const cells = scenes.flatMap(({ place, presence: there }) =>
    shown.filter((name) => there[name]).map((name) => ({ place, name, share: there[name]! })),
  );
  const svg = chart('Who is on stage in which scene', {
    height: 60 + rowHeight * shown.length,
    marginLeft: 150,
    x: {
      label: null,
      tickSize: 0,
      domain: scenes.map(({ place }) => place),
      axis: 'top',
      tickRotate: scenes.length > 24 ? -60 : 0,
    },
    y: { label: null, domain: shown, tickSize: 0 },
    marks: [
      cell(cells, {
        x: 'place',
        y: 'name',
        inset: 1,
        fill: 'var(--accent)',
        fillOpacity: ({ share }) => 0.15 + 0.85 * share,
        title: ({ name, place, share }) => `${name} hears ${Math.round(100 * share)} % of ${place}`,
      }),
    ],
  });
  const note =
    'The darker, the more of the scene’s words are spoken while the character is on stage.';
  return section('Who is there', note, figure(svg));
}

function whoAnswersWhom({ answers, characters }: Exploration): string {
  const shown = characters.slice(0, inAnswers).map(({ name }) => name);
  const cells = answers.filter(({ from, to }) => shown.includes(from) && shown.includes(to));
  const most = Math.max(1, ...cells.map(({ count }) => count));
  const svg = chart('Who answers whom', {
    height: 130 + 26 * shown.length,
    marginLeft: 150,
    marginTop: 110,
    marginRight: 70,
    x: { label: null, domain: shown, axis: 'top', tickRotate: -45, tickSize: 0 },
    y: { label: null, domain: shown, tickSize: 0 },
    marks: [
      cell(cells, {
        x: 'to',
        y: 'from',
        inset: 1,
        fill: 'var(--accent)',
        fillOpacity: ({ count }) => 0.12 + 0.88 * Math.sqrt(count / most),
      }),
      text(cells, {
        x: 'to',
        y: 'from',
        text: ({ count }) => String(count),
        fill: ({ count }) => (count > most / 3 ? 'var(--paper)' : 'var(--ink)'),
      }),
    ],
  });
  const note =
    'Rows speak, columns speak next: how often the column follows the row within a scene.';
  return section('Who answers whom', note, figure(svg));
}

function vocabulary({ vocabulary: rows }: Exploration): string {
  const body = rows
    .map(({ name, words }) => {
      const list = words.map(
        ({ word, count, elsewhere }) =>
          `${escapeMarkup(word)} <span class="weak">${count}:${elsewhere}</span>`,
      );
      return `<tr><td>${escapeMarkup(name)}</td><td>${list.join(', ')}</td></tr>`;
    })
    .join('\n');
  const note =
    'Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), the strongest first. The figures: said here : said by everybody else.';
  return section('Words of their own', note, `<table><tbody>${body}</tbody></table>`);
}

function cleaning({ cleaning: found, totals }: Exploration): string {
  const rows = found.warnings
    .map(
      ({ kind, count, example }) =>
        `<tr><td class="number">${count}</td><td>${escapeMarkup(kind)}</td><td><span class="weak">${escapeMarkup(example)}</span></td></tr>`,
    )
    .join('\n');
  const note = [
    `Speakers on stage when they speak: ${(100 * found.onStageShare).toFixed(1)} % of ${totals.speeches} speeches.`,
    `Parts of speeches after a direction: ${found.continuedSpeeches}.`,
    `Lines kept aside as no part of the play: ${found.boilerplateLines}.`,
  ].join(' ');
  const table = `<table><thead><tr><th>times</th><th>what the parser repaired or could not tell</th><th>first</th></tr></thead><tbody>${rows}</tbody></table>`;
  return section('How clean the text is', note, found.warnings.length > 0 ? table : '');
}
