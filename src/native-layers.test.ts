import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const native = new URL('../native/', import.meta.url);
const files = readdirSync(native, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(cc|h)$/.test(file))
  .map((file) => file.replaceAll('\\', '/'));
const text = (file: string): string => readFileSync(new URL(file, native), 'utf8');
const includes = (file: string): string[] =>
  [...text(file).matchAll(/^#include ["<]([^">]+)[">]/gm)].map(([, name]) => name!);

const isIn = (folder: string) => (file: string) => file.startsWith(`${folder}/`);
const outside = (folder: string) => (file: string) => !file.startsWith(`${folder}/`);

/** Files of core that know ggml alone, and must not come to know llama.cpp. */
const lowest = ['core/thread_governor', 'core/log_sum_exp', 'core/fast_exp', 'core/error'];

describe('The native layers', () => {
  it('name every folder under native', () => {
    const folders = new Set(files.map((file) => file.split('/')[0]!));
    expect([...folders].sort()).toEqual(['addon.cc', 'binding', 'core', 'test']);
  });

  it('let only the binding and the list of exports include napi.h', () => {
    const wrong = files
      .filter(outside('binding'))
      .filter((file) => includes(file).some((name) => /napi|node_api/.test(name)));
    expect(wrong).toEqual(['addon.cc']);
  });

  it("keep llama.cpp's names out of the binding", () => {
    const wrong = files
      .filter(isIn('binding'))
      .flatMap((file) =>
        [...text(file).matchAll(/\b(?:llama_\w+|ggml_\w+|n_ctx|n_ubatch|n_batch)\b/g)].map(
          ([name]) => `${file}: ${name}`,
        ),
      );
    expect(wrong).toEqual([]);
  });

  it('let core know nothing of the binding, and the binding nothing of the tests', () => {
    const wrong = files
      .filter((file) => isIn('core')(file) || isIn('binding')(file))
      .flatMap((file) =>
        includes(file)
          .filter((name) => (isIn('core')(file) && isIn('binding')(name)) || isIn('test')(name))
          .map((name) => `${file} includes ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it('let what stands lowest know neither llama.cpp nor what stands above it', () => {
    const isLowest = (file: string): boolean => lowest.some((name) => file.startsWith(`${name}.`));
    const isAbove = (name: string): boolean =>
      name.startsWith('llama') || (name.startsWith('core/') && !isLowest(name));
    const wrong = files.filter(isLowest).flatMap((file) =>
      includes(file)
        .filter(isAbove)
        .map((name) => `${file} includes ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keep addon.cc a list: one statement an export, no branch and no loop', () => {
    const body = text('addon.cc');
    expect(body).not.toMatch(/\b(?:if|for|while|switch|try|throw|auto \w+ = \[)\b/);
    expect(body.split('\n').length).toBeLessThan(60);
  });
});
