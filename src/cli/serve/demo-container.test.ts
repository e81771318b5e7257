import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { findEntry, models } from '../../hub/catalogue.ts';
import { serve } from '../commands/serve.ts';

const folder = fileURLToPath(new URL('../../../data/demo/', import.meta.url));
const read = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');
const [container, compose, space] = ['Dockerfile', 'compose.yaml', 'README.md'].map(read) as [
  string,
  string,
  string,
];
const one = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];

describe('The container of a demo', () => {
  it('is started by options that "dramatis serve" has, as a demo', async () => {
    const command = one(container, /^CMD exec dramatis serve ((?:.*\\\n)*.*)$/m)!;
    const given = [...command.matchAll(/--([a-z-]+)/g)].map(([, name]) => name!);
    const parser = yargs([]);
    (serve.builder as (parser: unknown) => unknown)(parser);
    const help = await parser.getHelp();
    expect(given).toContain('demo');
    expect(given.filter((name) => !help.includes(`--${name} `))).toEqual([]);
    const model = one(command, /--model (\S+)/)!;
    expect(findEntry(models(), model)).toBeDefined();
    expect(container).toContain(`dramatis pull ${model}`);
  });

  it('is of glibc, runs as nobody in particular, and is asked whether it is well', () => {
    const images = [...container.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(images).toEqual(['node:22-slim', 'node:22-slim']);
    expect(one(container, /^USER (\d+)$/m)).toBe('1000');
    expect(container.lastIndexOf('USER 1000')).toBeGreaterThan(container.lastIndexOf('FROM'));
    expect(container).toMatch(/^HEALTHCHECK (?:.*\\\n.*)\/health/m);
    // Nothing is fetched where strangers are let in.
    expect(container).toMatch(/^CMD .*--offline/m);
  });

  it('listens where the Space and the compose file say that it does', () => {
    const port = one(container, /\bPORT=(\d+)/);
    expect(one(space, /^app_port: (\d+)$/m)).toBe(port);
    expect(one(space, /^sdk: (\w+)$/m)).toBe('docker');
    expect(space.startsWith('---\n')).toBe(true);
    expect(one(compose, /127\.0\.0\.1:\d+:(\d+)$/m)).toBe(port);
    expect(one(container, /^EXPOSE (\d+)$/m)).toBe(port);
  });

  it('is held to two gibibytes and two processors, and may write nothing', () => {
    for (const line of ['mem_limit: 2g', 'cpus: 2', 'read_only: true', 'no-new-privileges:true'])
      expect(compose).toContain(line);
  });
});
