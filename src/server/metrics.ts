import type { Recorded } from '../stage/events.ts';

/** What is counted, in the words of whoever reads it. */
const helps = {
  dramatis_prompt_tokens_total: 'Tokens of prompts that were read or reused.',
  dramatis_reused_tokens_total: 'Tokens of prompts that were in the cache already.',
  dramatis_generated_tokens_total: 'Tokens that were drawn.',
  dramatis_turns_total: 'Turns of scenes, by how their speaker was chosen.',
  dramatis_struck_total: 'Drafts that were struck, by guard.',
  dramatis_alarms_total: 'Alarms of scenes, by detector.',
  dramatis_requests_total: 'Requests that were answered, by status.',
  dramatis_first_token_seconds: 'From the request or the choice of a speaker to the first token.',
  dramatis_step_seconds: 'Steps of the engine that draw tokens.',
  dramatis_step_rows: 'Tokens that a step draws, one for each speaker in it.',
  dramatis_sse_clients: 'Streams that are open.',
  dramatis_slots_busy:
    'Speakers that are held, those among them who are kept for the next request.',
  dramatis_queue: 'Requests that wait for a slot.',
  dramatis_scenes_running: 'Scenes of which turns are taken.',
} as const;

export type MetricName = keyof typeof helps;

/** Upper ends of the classes that times are counted in, in seconds. */
const timeClasses = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const rowClasses = [1, 2, 4, 8, 16, 32, 64, 128];

interface Histogram {
  readonly classes: readonly number[];
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Counters, gauges and histograms, told in the text format of Prometheus. */
export class Metrics {
  readonly #counters = new Map<MetricName, Map<string, number>>();
  readonly #gauges = new Map<MetricName, () => number>();
  readonly #histograms = new Map<MetricName, Histogram>();

  /** @param label Such as `guard="echo"`. */
  count(name: MetricName, by = 1, label = ''): void {
    const known = this.#counters.get(name) ?? new Map<string, number>();
    known.set(label, (known.get(label) ?? 0) + by);
    this.#counters.set(name, known);
  }

  /** A number that is read when it is asked for. */
  gauge(name: MetricName, read: () => number): void {
    this.#gauges.set(name, read);
  }

  observe(name: MetricName, value: number): void {
    const classes = name === 'dramatis_step_rows' ? rowClasses : timeClasses;
    const fresh = { classes, counts: classes.map(() => 0), sum: 0, count: 0 };
    const histogram: Histogram = this.#histograms.get(name) ?? fresh;
    for (const [i, end] of histogram.classes.entries()) if (value <= end) histogram.counts[i]!++;
    histogram.sum += value;
    histogram.count++;
    this.#histograms.set(name, histogram);
  }

  text(): string {
    const lines: string[] = [];
    const head = (name: MetricName, type: string): void => {
      lines.push(`# HELP ${name} ${helps[name]}`, `# TYPE ${name} ${type}`);
    };
    for (const [name, values] of this.#counters) {
      head(name, 'counter');
      for (const [label, value] of values) lines.push(`${name}${label && `{${label}}`} ${value}`);
    }
    for (const [name, read] of this.#gauges) {
      head(name, 'gauge');
      lines.push(`${name} ${read()}`);
    }
    for (const [name, { classes, counts, sum, count }] of this.#histograms) {
      head(name, 'histogram');
      for (const [i, end] of classes.entries())
        lines.push(`${name}_bucket{le="${end}"} ${counts[i]}`);
      lines.push(
        `${name}_bucket{le="+Inf"} ${count}`,
        `${name}_sum ${sum}`,
        `${name}_count ${count}`,
      );
    }
    return `${lines.join('\n')}\n`;
  }
}

/** Counts what happens in scenes. */
export function countEvent(metrics: Metrics, event: Recorded): void {
  switch (event.kind) {
    case 'next':
      metrics.count('dramatis_turns_total', 1, `policy="${event.by}"`);
      return;
    case 'view':
      metrics.count('dramatis_prompt_tokens_total', event.tokens);
      metrics.count('dramatis_reused_tokens_total', event.reused);
      return;
    case 'struck':
      metrics.count('dramatis_struck_total', 1, `guard="${event.guard}"`);
      metrics.count('dramatis_generated_tokens_total', event.tokens.length);
      return;
    case 'alarm':
      metrics.count('dramatis_alarms_total', 1, `detector="${event.detector}"`);
      return;
    case 'turn':
      metrics.count('dramatis_generated_tokens_total', event.tokens?.length ?? 0);
      if (event.ms) metrics.observe('dramatis_first_token_seconds', event.ms.first / 1000);
      return;
    default:
  }
}
