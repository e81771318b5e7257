import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parsePlay } from '../../play/parse.ts';
import { stageThresholds } from '../../stage/detectors/thresholds.ts';
import { directorOf } from '../../stage/director.ts';
import { scriptOf } from '../../stage/script-lines.ts';
import { Stage } from '../../stage/stage.ts';
import { stateOf } from '../../stage/state.ts';
import { Transcript } from '../../stage/transcript.ts';
import { sha256 } from '../../store/sha256.ts';
import { printings } from '../../testing/plays/ostrava.ts';
import { lanternOpening } from '../../testing/stage-scene.ts';
import { runCommandLine } from '../command-line.ts';

const home = process.env.DRAMATIS_HOME;
let at: string;
let out = '';
let errors: string[] = [];

beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'dramatis-stage-command-'));
  process.env.DRAMATIS_HOME = at;
  writeFileSync(file('lantern.md'), printings.Markdown!);
  errors = [];
  vi.spyOn(process.stderr, 'write').mockImplementation(
    (text) => errors.push(String(text).replace(/\n$/, '')) > 0,
  );
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(at, { recursive: true });
  if (home === undefined) delete process.env.DRAMATIS_HOME;
  else process.env.DRAMATIS_HOME = home;
});

const file = (name: string): string => join(at, name);

/** What `dramatis stage …` prints. */
async function stage(...args: string[]): Promise<string> {
  out = '';
  await runCommandLine(['stage', ...args]);
  return out;
}
const lantern = (): string[] => ['--play', file('lantern.md')];

const cast = ['MARTA', 'BRUNO'];
const words = ['One lamp is out.', 'I see it, sister.', 'Then climb.', 'I climb.'];

/** Plays a scene by a script, and keeps it. */
async function kept(texts: readonly string[] = words): Promise<Transcript> {
  const bytes = readFileSync(file('lantern.md'));
  const play = parsePlay(bytes);
  const transcript = await Transcript.begin(
    file('conversations'),
    {
      ...lanternOpening,
      at: undefined,
      play: { id: 'lantern', title: play.title, hash: sha256(bytes) },
      cast: cast.map((name) => ({ name, playedBy: 'script' })),
      director: { policy: 'script', isAddressing: false },
      thresholds: stageThresholds().limits,
      script: texts.map((text, i) => ({ who: cast[i % 2]!, text })),
    },
    { first: [{ kind: 'enter', who: cast, by: 'situation' }] },
  );
  const lines = scriptOf(stateOf((await transcript.read()).records))!;
  const director = directorOf('script', { play, script: lines });
  const scripted = lines.lines;
  const opened = await Stage.open({ transcript, play, performers: new Map(), director, scripted });
  for await (const _ of opened.run());
  return transcript;
}
const idOf = ({ path }: Transcript): string => path.replace(/\.stage\.jsonl$/, '').slice(-6);

describe('dramatis stage NAME …', () => {
  it.each<[string, string[], object]>([
    ['a name that nobody has', ['martha'], { code: 'CHARACTER_UNKNOWN', message: /MARTA/ }],
    ['a name that several have', ['watchman'], { code: 'CHARACTER_AMBIGUOUS' }],
    ['one name twice', ['marta', 'bruno', 'marta'], { message: /named twice/ }],
    ['a name for several people', ['all'], { message: /several people/ }],
    ['nobody, and no place', [], { code: 'USAGE', remedy: /--at/ }],
    ['no such place', ['marta', '--at', '4.1'], { code: 'PLACE_UNKNOWN' }],
    [
      'a place where one cannot be',
      ['marta', 'lady odile', '--at', '1.1'],
      { code: 'CHARACTER_ABSENT', message: /Odile.*1\.1.*2\.1/, remedy: /--force/ },
    ],
    ['a person who is not in it', ['marta', '--human', 'bruno'], { message: /BRUNO/ }],
    ['an adapter of nobody', ['marta', '--adapter', 'x'], { code: 'USAGE', message: /NAME=ID/ }],
    [
      'an adapter of somebody who is not in it',
      ['marta', '--adapter', 'bruno=none'],
      { message: /BRUNO has an adapter, but no part/ },
    ],
    ['a director without its script', ['marta', '--director', 'script'], { remedy: /--script/ }],
    ['a director that there is not', ['marta', '--director', 'god'], { message: /round-robin/ }],
    ['turns that are no number', ['marta', '--turns', 'many'], { message: /--turns is "many"/ }],
  ])('refuses %s in a line, with what helps, and keeps nothing', async (_, args, wanted) => {
    const matching = Object.fromEntries(
      Object.entries(wanted).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    );
    await expect(stage(...args, ...lantern())).rejects.toMatchObject(matching);
    expect(existsSync(file('conversations'))).toBe(false);
  });

  it('refuses a script of unknown speakers, or of some who are not on this stage', async () => {
    const script = file('script.jsonl');
    const asked = ['marta', 'bruno', '--script', script, ...lantern()];
    await expect(stage(...asked)).rejects.toMatchObject({ code: 'FILE_MISSING' });
    writeFileSync(script, '{"speaker":"Nobody","text":"Hm."}\n');
    await expect(stage(...asked)).rejects.toMatchObject({
      code: 'CHARACTER_UNKNOWN',
      message: expect.stringContaining('"Nobody"'),
    });
    writeFileSync(script, '{"speaker":"Ferryman","text":"Hm."}\n');
    await expect(stage(...asked)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('FERRYMAN'),
    });
  });
});

describe('A scene that is kept', () => {
  it('is listed with how it stands', async () => {
    const id = idOf(await kept());
    expect(await stage('list')).toMatch(new RegExp(`${id}  \\S+ \\S+ +4  ended \\(script\\)`));
    expect(JSON.parse(await stage('list', '--json'))).toMatchObject([
      { id, play: 'lantern', turns: 4, cast, damagedLines: 0 },
    ]);
  });

  it('is shown again as plain lines, or byte for byte as records', async () => {
    const { path } = await kept();
    expect(await stage('replay', 'latest')).toBe(
      '[Enter Marta and Bruno.]\nMARTA. One lamp is out.\nBRUNO. I see it, sister.\nMARTA. Then climb.\nBRUNO. I climb.\n',
    );
    const records = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).record);
    const lines = `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
    expect(await stage('replay', 'latest', '--json')).toBe(lines);
    expect(await stage('watch', 'latest', '--json')).toBe(lines);
    expect(errors.at(-1)).toBe('Ended after 4 turns: the script is at its end.');
  });

  it('is checked, and the first event that does not follow from those before is named', async () => {
    const transcript = await kept();
    const equal = await stage('replay', 'latest', '--check', 'derive', ...lantern());
    expect(equal).toContain('All of them are as they were written down.');
    expect(process.exitCode).toBeUndefined();
    await transcript.append({
      ...{ kind: 'turn', who: 'MARTA', playedBy: 'script', heard: ['MARTA'], text: 'Psst.' },
    });
    const other = await stage('replay', 'latest', '--check', 'derive', ...lantern());
    expect(other).toMatch(/first difference: event \d+ \(turn\), heard\n.*\["MARTA"\]/);
    expect(process.exitCode).toBe(1);
  });

  it('needs the file of its play where no catalogue has it', async () => {
    await kept();
    await expect(stage('replay', 'latest', '--check', 'derive')).rejects.toMatchObject({
      code: 'USAGE',
      remedy: expect.stringContaining('--play FILE'),
    });
  });

  it('is logged by kind, by who and by words', async () => {
    await kept();
    const turns = await stage('log', 'latest', '--kind', 'turn');
    expect(turns.trim().split('\n')).toHaveLength(4);
    expect(await stage('log', 'latest', '--kind', 'turn', '--by', 'bruno')).not.toContain('MARTA');
    const found = await stage('log', 'latest', '--grep', 'SISTER', '--kind', 'turn', '--json');
    expect(JSON.parse(found)).toMatchObject({ kind: 'turn', who: 'BRUNO' });
    expect(JSON.parse(await stage('log', 'latest', '--stats', '--json'))).toMatchObject({
      events: { turn: 4, next: 4, end: 1 },
      shares: { MARTA: { turns: 2 } },
    });
    await expect(stage('log', 'latest', '--stats', '--follow')).rejects.toThrow(/--follow/);
  });

  it('is written down in every format, to a file or to stdout', async () => {
    await kept();
    expect(await stage('export', 'latest', '--to', 'fountain')).toContain(
      '@Marta\nOne lamp is out.',
    );
    const target = file('scene.html');
    expect(await stage('export', 'latest', '--to', 'html', '--out', target)).toBe('');
    expect(readFileSync(target, 'utf8')).toContain('One lamp is out.');
    await expect(stage('export', 'latest', '--to', 'pdf')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is forked, and the fork is told from it', async () => {
    const parent = idOf(await kept());
    const forked = JSON.parse(await stage('fork', parent, '--at', '6', '--seed', '9', '--json'));
    expect(forked).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{6}$/),
      parent: { id: parent, n: 6 },
    });
    const diff = await stage('diff', parent, forked.id);
    expect(diff).toContain('seed: 7 | 9');
    expect(diff).toContain('The first 2 turns are the same.');
    expect(diff).toContain('Then climb.');
    const check = await stage('replay', forked.id, '--check', 'derive', ...lantern());
    expect(check).toContain('All of them are as they were written down.');
    await expect(stage('fork', parent, '--at', '99')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('is read without a line that is damaged, which is named', async () => {
    const { path } = await kept();
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[3] = lines[3]!.replace('lamp', 'lump');
    writeFileSync(path, lines.join('\n'));
    const shown = await stage('replay', 'latest');
    expect(shown).not.toContain('One lamp');
    expect(shown).toContain('I climb.');
    expect(errors[0]).toMatch(/line 4 is damaged and was left out$/);
    const check = await stage('replay', 'latest', '--check', 'derive', ...lantern());
    expect(check).toMatch(/first difference: event 5 \(next\), n\n/);
  });

  it('is not taken for another file', async () => {
    await expect(stage('replay', 'nobody')).rejects.toMatchObject({ code: 'SCENE_UNKNOWN' });
    appendFileSync(file('other.jsonl'), '{"crc32c":"00000000","record":{}}\n');
    await expect(stage('replay', file('other.jsonl'))).rejects.toMatchObject({
      code: 'TRANSCRIPT_UNREADABLE',
    });
    await expect(stage('resume', 'nobody')).rejects.toMatchObject({ code: 'SCENE_UNKNOWN' });
  });
});
