import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Conversation } from '../actor/conversation.ts';
import { VISITOR } from '../prompt/prompt.ts';
import { home } from '../testing/home.ts';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { dramatis, type Ran, type RunOptions } from './dramatis.ts';

/** A home that may be damaged, with what one has after some use: a play, a model, talks, an adapter. */
export class FaultyHome implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'dramatis-faults-'));
  /** Id of the conversation, and of the adapter version. */
  talk = '';
  adapter = '';

  static async make(): Promise<FaultyHome> {
    const made = new FaultyHome();
    writeFileSync(made.file('lantern.md'), printings.Markdown!);
    await writeTinyModel(made.file('tiny.gguf'));
    await writeTinyAdapter(made.file('adapter.gguf'), { seed: 1 });
    mkdirSync(made.file('plays'));
    for (const name of readdirSync(join(home, 'plays')).filter((one) => one.startsWith('hamlet')))
      copyFileSync(join(home, 'plays', name), made.file('plays', name));
    const talk = await Conversation.begin(made.file('conversations'), {
      ...{ play: 'lantern', playHash: '', character: 'MARTA', model: made.file('tiny.gguf') },
      ...{ form: 'chat', steer: false, seed: 1, version: '0' },
    });
    for (const text of ['One', 'Two', 'Three']) await talk.say({ speaker: VISITOR, text });
    made.talk = talk.path.slice(-12, -6);
    const imported = await made.run([
      ...['adapters', 'import', made.file('adapter.gguf'), '--model', made.file('tiny.gguf')],
      ...['--character', 'marta', '--play', made.file('lantern.md'), '--form', 'script', '--json'],
    ]);
    if (imported.code !== 0) throw new Error(imported.err);
    made.adapter = JSON.parse(imported.out).id;
    return made;
  }

  readonly file = (...parts: string[]): string => join(this.path, ...parts);

  /** Files below a folder whose names match, the first one. */
  find(folder: string, name: RegExp): string {
    const names = readdirSync(this.file(folder), { recursive: true, encoding: 'utf8' });
    const found = names.find((one) => name.test(one));
    if (found === undefined) throw new Error(`no ${name} in ${folder}: ${names.join(', ')}`);
    return this.file(folder, found);
  }

  run(args: readonly string[], { env = {}, ...options }: RunOptions = {}): Promise<Ran> {
    return dramatis(args, { ...options, env: { DRAMATIS_HOME: this.path, ...env } });
  }

  /** All that lies in a folder, by its path in it. */
  content(folder: string): Map<string, string> {
    const names = readdirSync(this.file(folder), { recursive: true, encoding: 'utf8' });
    return new Map(
      names
        .filter((name) => statSync(this.file(folder, name)).isFile())
        .map((name) => [name, readFileSync(this.file(folder, name), 'latin1')]),
    );
  }

  /** What is kept of the memories of plays. */
  vectors(): string[] {
    const folder = this.file('indices');
    return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  }

  /** Takes a fetched model into the home. @returns Its path there. */
  fetched(name: string): string {
    mkdirSync(this.file('models'), { recursive: true });
    for (const ending of ['', '.origin.json'])
      copyFileSync(join(home, 'models', name + ending), this.file('models', name + ending));
    return this.file('models', name);
  }

  /** A copy of it, as it is now. */
  copy(): FaultyHome {
    const copy = new FaultyHome();
    cpSync(this.path, copy.path, { recursive: true });
    copy.talk = this.talk;
    copy.adapter = this.adapter;
    return copy;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Flips a bit in the middle of a file and sets its times back, as a disk that rots would leave them. */
export function flip(path: string, share = 0.5): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length * share)]! ^= 0x10;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}
