import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { parseHTML } from 'linkedom';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { shown, shownInterval } from './number.ts';
import { benchReport } from './report.ts';
import { inventRun } from './results.test.support.ts';

const one = [inventRun()];
const several = [
  inventRun({ skill: 0.5 }),
  inventRun({ split: 'train', skill: 0.6 }),
  inventRun({ model: 'middling-270m', parameters: 270e6, skill: 0.55, exposure: 0.2 }),
  inventRun({ model: 'large-4b', parameters: 4e9, skill: 0.8, tokensPerSecond: 9, exposure: 0.5 }),
];

describe('the page of a benchmark', () => {
  const { html } = benchReport(several);
  const { document } = parseHTML(html);

  it('fetches nothing and runs nothing', () => {
    const outward = /<script|<link|<img|<iframe|@import|url\(|href=|src=|https?:|\son[a-z]+=/i;
    expect(html.match(outward)).toBeNull();
    expect(Buffer.byteLength(html)).toBeLessThan(5e6);
  });

  it('allows its own style by hash and no other', () => {
    const styles = [...document.querySelectorAll('style')];
    expect(styles).toHaveLength(1);
    const hash = createHash('sha256').update(styles[0]!.textContent).digest('base64');
    const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content');
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'`);
    expect(document.querySelectorAll('[style]')).toHaveLength(0);
  });

  it('ends with its last element', () => {
    expect(html.trimEnd().endsWith('</main>\n</body>\n</html>')).toBe(true);
  });

  it('has every score of every run with its interval', () => {
    const text = document.body.textContent;
    for (const { results } of several)
      for (const { metrics } of results.tasks)
        for (const { rows, unit } of metrics)
          for (const estimate of Object.values(rows)) {
            expect(text).toContain(shown(estimate.value, unit));
            expect(text).toContain(shownInterval(estimate, unit));
          }
  });

  it('names under every figure its n, its intervals and its hashes', () => {
    const captions = [...document.querySelectorAll('figcaption')];
    expect(captions.length).toBeGreaterThan(8);
    for (const caption of captions) {
      expect(caption.textContent).toMatch(/n = \d+.* items a task in 12 scenes/);
      expect(caption.textContent).toMatch(/95 % intervals: (scene-clustered bootstrap|Wilson)/);
      expect(caption.textContent).toContain('lantern 5d0c5d0c');
    }
  });

  it('says why a figure is not there', () => {
    const { html: alone, figures } = benchReport(one);
    expect(alone).toContain('Train beside holdout. No subject was measured on both');
    expect(alone).toContain('Small against large: parameters. It takes two runs');
    expect(figures.map(({ name }) => name)).not.toContain('train-beside-holdout');
  });

  it('shows all that comes from outside as text', () => {
    const hostile = '<b onclick="x">&\'';
    const run = inventRun({ model: hostile, label: hostile });
    const { html: page, figures } = benchReport([
      {
        ...run,
        results: {
          ...run.results,
          character: hostile,
          samples: [{ question: hostile, reply: hostile, seed: 1 }],
          exposure: { [hostile]: run.results.exposure['name cloze']! },
        },
      },
      ...several,
    ]);
    expect(page.includes('<b onclick')).toBe(false);
    for (const { svg } of figures) expect(() => new SaxesParser().write(svg).close()).not.toThrow();
    expect(parseHTML(page).document.querySelectorAll('b, [onclick]')).toHaveLength(0);
  });

  it('warns of anchors out of order, of trials and of too few scenes', () => {
    const run = inventRun();
    const [task, ...tasks] = run.results.tasks;
    const broken = { ...task!, broken: ['impostor 0.4 is above original 0.3'] };
    const { html: page } = benchReport([
      { ...run, results: { ...run.results, limit: 10, tasks: [broken, ...tasks] } },
    ]);
    expect(page).toContain('cue: impostor 0.4 is above original 0.3');
    expect(page).toContain('At most 10 items a task were asked: a trial, not a result.');
  });
});

describe('a task that nobody was asked', () => {
  const run = inventRun();
  const tasks = run.results.tasks.map((task) => {
    if (task.task !== 'duet') return task;
    const metrics = task.metrics.map((metric) => {
      const { subject: _, base: __, ...rows } = metric.rows;
      return { ...metric, rows, differences: {} };
    });
    return { ...task, metrics };
  });
  const { html } = benchReport([{ ...run, results: { ...run.results, tasks } }]);

  it('has no score, is named, and stands in the profile for others to be set beside', () => {
    const { document } = parseHTML(html);
    const scored = [...document.querySelectorAll('section')].find(
      (section) => section.querySelector('h2')?.textContent === 'Scores',
    );
    expect(scored?.textContent).toContain('Measured on the play alone: duet.');
    expect(scored?.querySelector('table')?.textContent).not.toContain('duet');
    const profile = [...document.querySelectorAll('svg')].find((svg) =>
      svg.getAttribute('aria-label')?.startsWith('Lengths, turns'),
    );
    expect(profile?.textContent).toContain('duet · turn Gini');
  });
});

describe('the files beside the page', () => {
  const { csv, json, figures } = benchReport(several);

  it('hold one line for each run, task, metric and row', () => {
    const lines: Record<string, string>[] = parse(csv, { columns: true });
    const rows = several.flatMap(({ results }) =>
      results.tasks.flatMap(({ metrics }) => metrics.flatMap((metric) => Object.keys(metric.rows))),
    );
    expect(lines).toHaveLength(rows.length);
    const accuracy = several[0]!.results.tasks[0]!.metrics[0]!;
    expect(lines[0]).toMatchObject({
      run: 'A',
      task: 'cue',
      metric: 'accuracy',
      row: 'subject',
      value: String(accuracy.rows.subject!.value),
    });
  });

  it('hold the quantiles of what is kept value by value, and of nothing else', () => {
    const lines: Record<string, string>[] = parse(csv, { columns: true });
    const original = several[0]!.results.distributions![0]!.rows.original!;
    const found = lines.find(
      ({ run, metric, row }) => run === 'A' && metric === 'words a reply' && row === 'original',
    );
    expect(found).toMatchObject({
      spread: 'words of a reply',
      spread_n: '240',
      min: String(original[0]),
      q50: String(original[119]),
      q90: String(original[215]),
      max: String(original[239]),
    });
    expect(lines[0]).toMatchObject({ metric: 'accuracy', spread: '', min: '', max: '' });
  });

  it('hold the results as they were given', () => {
    const report = JSON.parse(json);
    expect(report.runs).toHaveLength(several.length);
    expect(report.runs[1].results.tasks).toEqual(
      JSON.parse(JSON.stringify(several[1]!.results.tasks)),
    );
  });

  it('are figures that stand alone: named once, coloured without the page', () => {
    const names = figures.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'score-by-task',
        'train-beside-holdout',
        'voice-matrix-a',
        'profile',
        'distributions',
        'size-parameters',
        'size-bytes',
        'speed-generating',
        'contamination',
      ]),
    );
    for (const { svg } of figures) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*><desc>[^<]*n = /);
      expect(svg.match(/var\(|<style|NaN|undefined/)).toBeNull();
    }
  });

  it('are the same bytes each time', () => {
    expect(benchReport(several)).toEqual(benchReport(several));
  });
});

describe('what could not be measured', () => {
  const run = inventRun();
  const text = (results: typeof run.results): string =>
    parseHTML(benchReport([{ ...run, results }]).html).document.body.textContent;

  it('takes no rows of a table, and is counted below it', () => {
    const [task, ...others] = run.results.tasks;
    const [metric] = task!.metrics;
    const holes = Object.fromEntries(
      Object.entries(metric!.rows).map(([row, of]) => [row, { ...of, value: Number.NaN }]),
    );
    const empty = { ...metric!, metric: 'unheard of', rows: holes };
    const rows = Object.keys(holes).length;
    const page = text({
      ...run.results,
      tasks: [{ ...task!, metrics: [...task!.metrics, empty] }, ...others],
    });
    expect(page).not.toContain('unheard of');
    expect(page).toContain(`Left out: ${rows} rows that have no figure on these scenes.`);
  });

  it('is named where a voice of the matrix has no speech of its own', () => {
    const { matrix } = run.results;
    const [absent, ...speakers] = matrix!.speakers;
    const page = text({
      ...run.results,
      matrix: { ...matrix!, speakers, cells: matrix!.cells.slice(1) },
    });
    expect(page).toContain(`No row for ${absent}: of the speeches asked about`);
  });
});
