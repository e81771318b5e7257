import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readResults, readRows } from '../eval/results-file.ts';
import { Registry } from '../registry/registry.ts';
import { canFailCalls, type FailingCall, failing } from '../testing/failing-calls.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { FaultyHome } from './faulty-home.ts';

let whole: FaultyHome;
beforeAll(async () => {
  whole = await FaultyHome.make();
  await writeTinyAdapter(whole.file('other.gguf'), { seed: 2 });
  // The small one's window holds no persona.
  await writeTinyModel(whole.file('wide.gguf'), { context: 2048 });
  whole.fetched('all-MiniLM-L6-v2.F16.gguf');
});
afterAll(() => whole[Symbol.dispose]());

type Words = (home: FaultyHome) => readonly string[];
type Point = readonly [call: FailingCall['call'], path: string, nth?: number];
/** A command that is killed at a call, or must end with 0; what it prints then is looked at. */
type Step = readonly [command: Words, end?: Point | ((out: string) => void)];

interface Kind {
  readonly what: string;
  /** One after another, each in the home that the one before left. */
  readonly steps: readonly Step[];
  readonly looks?: (home: FaultyHome) => unknown;
}

const open = (home: FaultyHome, model = 'tiny.gguf'): string[] => [
  ...['--play', home.file('lantern.md'), '--model', home.file(model)],
];
const use: Words = () => ['use', 'gemma3-270m'];
const rename: Words = ({ talk }) => ['conversations', 'rename', talk, 'after'];
const explore: Words = ({ file }) => ['explore', file('lantern.md'), '--html', file('page.html')];
const importing: Words = (home) => [
  ...['adapters', 'import', home.file('other.gguf'), ...open(home), '--character', 'bruno'],
  ...['--form', 'script'],
];
const promote: Words = ({ adapter }) => ['adapters', 'promote', adapter, '--force', 'x'];
const peft: Words = (home) => [
  ...['adapters', 'export', home.adapter, home.file('peft'), '--model', home.file('tiny.gguf')],
];
const talk: Words = (home) => [
  ...['chat', 'marta', ...open(home), '--no-memory', '--steer', 'off', '--seed', '1'],
  ...['--max-tokens', '2', '--gpu', 'off', '--adapter', 'none', '--say', 'Who?'],
];
const scene: Words = (home) => [
  ...['stage', 'marta', 'bruno', ...open(home, 'wide.gguf'), '--no-memory', '--seed', '1'],
  ...['--gpu', 'off', '--turns', '1', '--max-tokens', '2'],
];
const training: Words = (home) => [
  ...['train', 'marta', ...open(home), '--no-memory', '--gpu', 'off', '--rank', '2'],
  ...['--epochs', '2'],
];
const measuring: Words = (home) => [
  ...['eval', 'cue', ...open(home, 'wide.gguf'), '--character', 'marta', '--split', 'all'],
  ...['--limit', '2', '--no-anchors', '--gpu', 'off', '--json', home.file('results.json')],
];
const drafting: Words = (home) => [
  ...['digest', home.file('lantern.md'), '--model', home.file('wide.gguf'), '--gpu', 'off'],
  ...['--scenes', '1.1', '--out', home.file('facts.jsonl')],
];

const recalling: Words = (home) => [
  ...['recall', 'marta', 'lantern', '--play', home.file('lantern.md'), '--offline'],
];
const reporting: Words = ({ file }) => [
  ...['eval', 'report', file('results.json'), '--out', file('report')],
];

/** Whether every version kept is whole. @returns How many there are. */
async function wholeVersions({ file }: FaultyHome): Promise<number> {
  const { checked, damage, faults } = await new Registry(file('adapters')).verify();
  expect([damage, faults]).toEqual([[], []]);
  return checked;
}

/** One kill for each window that leaves another state of the files; what comes before a rename leaves the same. */
const kinds: readonly Kind[] = [
  {
    what: 'The settings',
    steps: [[use, ['rename', 'settings.json']], [use, ['unlink', 'settings.json.lock', 2]], [use]],
    looks: ({ file }) =>
      expect(JSON.parse(readFileSync(file('config', 'settings.json'), 'utf8')).data).toMatchObject({
        model: 'gemma3-270m',
      }),
  },
  {
    what: 'A conversation',
    steps: [
      [rename, ['write', '/conversations/', 2]],
      [rename, ['unlink', '/conversations/', 4]],
      [
        () => ['conversations', 'list', '--json'],
        (out) => expect(JSON.parse(out)).toMatchObject([{ name: 'after', turns: 3 }]),
      ],
    ],
  },
  { what: 'A page', steps: [[explore, ['rename', 'page.html']], [explore]] },
  {
    what: 'A stored adapter',
    steps: [
      [importing, ['write', 'adapter.gguf']],
      [importing, ['rename', '/adapters/', 3]],
      [importing],
    ],
    looks: async (home) => expect(await wholeVersions(home)).toBe(2),
  },
  {
    what: 'The history of adapters',
    steps: [
      [promote, ['write', 'history.jsonl', 2]],
      [promote, (out) => expect(out).toMatch(/is in use/)],
    ],
  },
  {
    what: 'An adapter written for PEFT',
    steps: [[peft, ['rename', 'peft']], [peft]],
    looks: ({ file }) =>
      expect(readdirSync(file('peft')).sort()).toEqual([
        'adapter_config.json',
        'adapter_model.safetensors',
      ]),
  },
  {
    what: 'The saved state of a prompt',
    steps: [[talk, ['rename', '/prefixes/']], [talk]],
    looks: ({ file }) => expect(readdirSync(file('cache', 'prefixes'))).toHaveLength(1),
  },
  {
    what: 'The transcript of a scene',
    steps: [[scene, ['write', '.stage.jsonl', 6]], [scene]],
    looks: (home) =>
      expect(readFileSync(home.find('conversations', /stage\.jsonl$/), 'utf8')).toContain('"play"'),
  },
  {
    what: 'A training',
    steps: [
      [training, ['rename', '/checkpoints/step-']],
      [training, ['unlink', '/checkpoints']],
      [(home) => [...training(home), '--resume']],
    ],
    looks: async (home) => expect(await wholeVersions(home)).toBeGreaterThan(1),
  },
  {
    what: 'Results and a report of them',
    steps: [
      [measuring, ['rename', 'results.json', 3]],
      [measuring],
      [reporting, ['rename', 'report.html']],
      [reporting],
    ],
    looks: async ({ file }) => {
      const { results } = await readResults(file('results.json'));
      expect(await readRows(file('results.json'), results.rowsSha256)).not.toEqual([]);
    },
  },
  { what: 'A digest', steps: [[drafting, ['rename', 'facts.jsonl']], [drafting]] },
  {
    what: 'The index of a play',
    steps: [[recalling, ['rename', '.vectors']], [recalling]],
    looks: (home) => expect(home.vectors()).toHaveLength(1),
  },
];

/** What a program that was killed leaves, and no other may: temporary files, locks. */
function litter({ path }: FaultyHome): string[] {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(tmp|lock|takeover|part)$/.test(name));
}

describe.runIf(canFailCalls())('A program killed while it writes leaves nothing half', () => {
  for (const { what, steps, looks } of kinds)
    it(`${what}, and the next one goes on`, async () => {
      using home = whole.copy();
      for (const [command, end] of steps) {
        if (typeof end === 'object') {
          const [call, path, nth = 1] = end;
          const env = failing({ call, path, nth, errno: 0 });
          const { code, err } = await home.run(command(home), { env });
          expect(code, `${call} ${nth} of ${path} never came: ${err}`).toBeNull();
        } else {
          const ran = await home.run(command(home));
          expect(ran.code, `${command(home).join(' ')}: ${ran.err}`).toBe(0);
          end?.(ran.out);
        }
      }
      await looks?.(home);
      expect(litter(home)).toEqual([]);
    });
});
