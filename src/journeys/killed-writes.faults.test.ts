import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canFailCalls, type FailingCall, failing } from '../testing/failing-calls.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import type { Ran } from './dramatis.ts';
import { FaultyHome } from './faulty-home.ts';

let whole: FaultyHome;
beforeAll(async () => {
  whole = await FaultyHome.make();
  await writeTinyAdapter(whole.file('other.gguf'), { seed: 2 });
  // The small one's window holds no persona.
  await writeTinyModel(whole.file('wide.gguf'), { context: 2048 });
});
afterAll(() => whole[Symbol.dispose]());

type Words = (home: FaultyHome) => readonly string[];
type Point = readonly [call: FailingCall['call'], path: string, nth?: number];

interface Kind {
  readonly what: string;
  readonly command: Words;
  /** Where the command is killed, one after another, each time in the home that the one before left. */
  readonly kills: readonly Point[];
  /** What a user runs then, and what is looked at: it must end with 0. */
  readonly next: readonly (readonly [words: Words, looks?: (ran: Ran) => void])[];
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

const kinds: readonly Kind[] = [
  {
    what: 'The settings',
    command: use,
    kills: [
      ['open', 'settings.json.lock'],
      ['link', 'settings.json.lock'],
      ['rename', 'settings.json'],
      ['unlink', 'settings.json.lock', 2],
    ],
    next: [[use], [() => ['settings'], ({ out }) => expect(out).toMatch(/^model +gemma3-270m$/m)]],
  },
  {
    what: 'A conversation',
    command: rename,
    kills: [
      ['write', '/conversations/', 2],
      ['fsync', '/conversations/'],
      ['unlink', '/conversations/', 2],
    ],
    next: [
      [
        () => ['conversations', 'list', '--json'],
        ({ out }) => expect(JSON.parse(out)).toMatchObject([{ name: 'after', turns: 3 }]),
      ],
    ],
  },
  {
    what: 'A page',
    command: explore,
    kills: [
      ['write', 'page.html'],
      ['rename', 'page.html'],
    ],
    next: [[explore]],
  },
  {
    what: 'A stored adapter',
    command: importing,
    kills: [
      ['mkdir', '/adapters/.'],
      ['write', 'adapter.gguf'],
      ['fsync', 'version.json'],
      ['rename', '/adapters/', 3],
    ],
    next: [
      [importing],
      [() => ['adapters', 'verify'], ({ err }) => expect(err).toBe('2 versions read, 0 faults.\n')],
    ],
  },
  {
    what: 'The history of adapters',
    command: promote,
    kills: [
      ['write', 'history.jsonl', 2],
      ['fsync', 'history.jsonl'],
    ],
    next: [[promote], [() => ['adapters', 'list'], ({ out }) => expect(out).toMatch(/^\* /m)]],
  },
  {
    what: 'An adapter written for PEFT',
    command: peft,
    kills: [
      ['rename', 'adapter_config.json'],
      ['rename', 'peft'],
    ],
    next: [
      [peft],
      [
        (home) => [
          ...['adapters', 'import', home.file('peft'), ...open(home), '--character', 'marta'],
          ...['--form', 'script'],
        ],
      ],
    ],
  },
  {
    what: 'The saved state of a prompt',
    command: talk,
    kills: [
      ['write', '/prefixes/', 2],
      ['rename', '/prefixes/'],
    ],
    next: [[talk], [() => ['conversations', 'list']]],
  },
  {
    what: 'The transcript of a scene',
    command: scene,
    kills: [
      ['write', '.stage.jsonl', 6],
      ['fsync', '.stage.jsonl', 3],
    ],
    next: [
      [scene],
      [() => ['stage', 'list', '--json'], ({ out }) => expect(out).toContain('"ended')],
    ],
  },
  {
    what: 'A training',
    command: training,
    kills: [
      ['rename', '/config.json'],
      ['rename', '/checkpoints/step-'],
      ['unlink', '/checkpoints'],
    ],
    next: [[(home) => [...training(home), '--resume']], [() => ['adapters', 'verify']]],
  },
  {
    what: 'Results',
    command: measuring,
    kills: [
      ['rename', 'results.json.rows.jsonl'],
      ['rename', 'results.json', 3],
    ],
    next: [
      [measuring],
      [({ file }) => ['eval', 'compare', file('results.json'), file('results.json')]],
    ],
  },
  {
    what: 'A digest',
    command: drafting,
    kills: [
      ['rename', 'facts.jsonl'],
      ['fsync', 'facts.jsonl'],
    ],
    next: [[drafting]],
  },
];

/** What a program that was killed leaves, and no other may: temporary files, locks. */
function litter({ path }: FaultyHome): string[] {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(tmp|lock|takeover|part)$/.test(name));
}

describe.runIf(canFailCalls())('A program killed while it writes leaves nothing half', () => {
  for (const { what, command, kills, next } of kinds)
    it(`${what}, and the next one goes on`, async () => {
      using home = whole.copy();
      for (const [call, path, nth = 1] of kills) {
        const env = failing({ call, path, nth, errno: 0 });
        const { code, err } = await home.run(command(home), { env });
        expect(code, `${call} ${nth} of ${path} never came: ${err}`).toBeNull();
      }
      for (const [words, looks] of next) {
        const ran = await home.run(words(home));
        expect(ran.code, `${words(home).join(' ')}: ${ran.err}`).toBe(0);
        looks?.(ran);
      }
      expect(litter(home)).toEqual([]);
    });
});
