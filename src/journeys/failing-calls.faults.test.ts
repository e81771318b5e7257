import { constants } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canFailCalls, type FailingCall, failing } from '../testing/failing-calls.ts';
import { FaultyHome } from './faulty-home.ts';

const { EIO, ENOSPC, EMFILE, EROFS } = constants.errno;

let whole: FaultyHome;
beforeAll(async () => {
  whole = await FaultyHome.make();
});
afterAll(() => whole[Symbol.dispose]());

const say = (faulty: FaultyHome): string[] => [
  ...['chat', 'marta', '--play', faulty.file('lantern.md'), '--model', faulty.file('tiny.gguf')],
  ...['--say', 'Who?', '--no-memory', '--steer', 'off', '--seed', '1', '--max-tokens', '2'],
  ...['--gpu', 'off', '--adapter', 'none'],
];
const talkOf = ({ talk }: FaultyHome): string[] => ['conversations', 'show', talk];
const rename = ({ talk }: FaultyHome): string[] => ['conversations', 'rename', talk, 'after'];
const use = (): string[] => ['use', 'gemma3-270m'];
const explore = (faulty: FaultyHome): string[] => [
  ...['explore', faulty.file('lantern.md'), '--html', faulty.file('page.html')],
];
const promote = ({ adapter }: FaultyHome): string[] => [
  'adapters',
  'promote',
  adapter,
  '--force',
  'x',
];

type Case = readonly [
  what: string,
  call: FailingCall,
  command: (faulty: FaultyHome) => readonly string[],
  says: RegExp,
];

const every = 0;
/** What must be said when a call fails, with exit code 1. A file that cannot be read is never to be moved or made anew. */
const cases: readonly Case[] = [
  [
    'reading a model',
    { call: 'read', path: 'tiny.gguf', nth: every, errno: EIO },
    say,
    /cannot read .*tiny\.gguf: .*EIO/,
  ],
  [
    'reading a play',
    { call: 'read', path: 'lantern.md', nth: every, errno: EIO },
    say,
    /cannot read .*lantern\.md: .*EIO/,
  ],
  [
    'reading a fetched play',
    { call: 'read', path: 'hamlet.md', nth: every, errno: EIO },
    () => ['cast', 'hamlet', '--offline'],
    /cannot read .*hamlet\.md: .*EIO/,
  ],
  [
    'reading a conversation',
    { call: 'read', path: '/conversations/', nth: every, errno: EIO },
    talkOf,
    /cannot read .*\.jsonl: .*EIO/,
  ],
  [
    'opening a conversation with too many files open',
    { call: 'open', path: '.jsonl', nth: every, errno: EMFILE },
    talkOf,
    /cannot read .*\.jsonl: too many files are open .*EMFILE/,
  ],
  ...([1, 2] as const).flatMap((nth): Case[] => [
    [
      `write ${nth} of a conversation`,
      { call: 'write', path: '/conversations/', nth, errno: ENOSPC },
      rename,
      /cannot write .*conversations.*: the disk is full \(ENOSPC\)/,
    ],
    [
      `write ${nth} of the settings`,
      { call: 'write', path: 'settings.json', nth, errno: ENOSPC },
      use,
      /cannot write .*settings\.json.*: the disk is full \(ENOSPC\)/,
    ],
  ]),
  [
    'flushing a conversation',
    { call: 'fsync', path: '/conversations/', nth: 1, errno: EIO },
    rename,
    /cannot write .*conversations.*EIO/,
  ],
  [
    'renaming the settings',
    { call: 'rename', path: 'settings.json', nth: every, errno: EROFS },
    use,
    /cannot write .*settings\.json: the file system is read-only \(EROFS\)/,
  ],
  [
    'writing a page',
    { call: 'write', path: 'page.html', nth: 1, errno: ENOSPC },
    explore,
    /cannot write .*page\.html: the disk is full \(ENOSPC\)/,
  ],
  [
    'writing the history of adapters',
    { call: 'write', path: 'history.jsonl', nth: every, errno: ENOSPC },
    promote,
    /cannot write .*history\.jsonl.*: the disk is full \(ENOSPC\)/,
  ],
];

describe.runIf(canFailCalls())('A system call that fails', () => {
  for (const [what, call, command, says] of cases)
    it(`in ${what} is named, and what was there is there`, async () => {
      using faulty = whole.copy();
      const kept = [faulty.content('conversations'), faulty.content('adapters')];
      const { code, err } = await faulty.run(command(faulty), { env: failing(call) });
      expect(err).toMatch(says);
      expect(err).not.toMatch(/\n\s+at |DRAMATIS_DEBUG/);
      if (call.call === 'read' || call.call === 'open')
        expect(err).not.toMatch(/Move the file|rebuilds/);
      expect(code).toBe(1);
      expect([faulty.content('conversations'), faulty.content('adapters')]).toEqual(kept);
    });
});

describe.runIf(canFailCalls())('A training', () => {
  it('that is over ends well, though its checkpoints cannot be removed', async () => {
    using faulty = whole.copy();
    const words = ['--play', faulty.file('lantern.md'), '--model', faulty.file('tiny.gguf')];
    const options = ['--no-memory', '--gpu', 'off', '--rank', '2', '--epochs', '1'];
    const env = failing({ call: 'unlink', path: '/checkpoints', nth: every, errno: EIO });
    const { code, out, err } = await faulty.run(['train', 'marta', ...words, ...options], { env });
    expect(out).toMatch(/dramatis adapters promote/);
    expect(code, err).toBe(0);
  });
});

describe.runIf(canFailCalls())('The memory of a play', () => {
  const embedder = 'all-MiniLM-L6-v2.F16.gguf';

  it('is not made when the model beside it cannot be read', async () => {
    using faulty = whole.copy();
    faulty.fetched(embedder);
    const args = say(faulty).filter((arg) => arg !== '--no-memory');
    const env = failing({ call: 'read', path: 'tiny.gguf', nth: every, errno: EIO });
    const { code, err } = await faulty.run([...args, '--offline'], { env });
    expect(err).toMatch(/cannot read .*tiny\.gguf: .*EIO/);
    expect(err).not.toMatch(/into memory/);
    expect(faulty.vectors()).toEqual([]);
    expect(code).toBe(1);
  });

  it('is used where it cannot be kept, and that is said', async () => {
    using faulty = whole.copy();
    faulty.fetched(embedder);
    const recall = ['recall', 'marta', 'lantern', '--play', faulty.file('lantern.md'), '--offline'];
    const env = failing({ call: 'write', path: '/indices/', nth: every, errno: ENOSPC });
    const { code, out, err } = await faulty.run(recall, { env });
    expect(err).toMatch(/indices.*the disk is full \(ENOSPC\)/);
    expect(out).toMatch(/MARTA|JOSEF/);
    expect(faulty.vectors()).toEqual([]);
    expect(code).toBe(0);
  });
});
