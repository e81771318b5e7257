import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const text = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const contract = text('src/engine/native.ts');
const bindings = readdirSync(new URL('../../native/binding', import.meta.url))
  .filter((name) => name.endsWith('.cc'))
  .map((name) => text(`native/binding/${name}`));

/** The interfaces of native.ts: the names of each one's members, and whether it has methods, as classes of the addon do. */
const interfaces = new Map(
  ts
    .createSourceFile('native.ts', contract, ts.ScriptTarget.Latest)
    .statements.filter(ts.isInterfaceDeclaration)
    .map(({ name, members }) => [
      name.text,
      {
        members: members.map((member) => (member.name as ts.Identifier).text).sort(),
        isClass: members.some(ts.isMethodSignature),
      },
    ]),
);

/** The classes that the addon defines, with the names of their methods. */
const classes = new Map(
  bindings.flatMap((source) =>
    [...source.matchAll(/DefineClass\(\s*env,\s*"(\w+)",([\s\S]*?)\}\);/g)].map(
      ([, name, methods]) => [
        `Native${name}`,
        [...methods!.matchAll(/InstanceMethod<[^>]*>\(\s*"(\w+)"/g)]
          .map(([, method]) => method!)
          .sort(),
      ],
    ),
  ),
);

describe('The contract of native.ts', () => {
  it('names what native/addon.cc exports, and no more', () => {
    const exported = [...text('native/addon.cc').matchAll(/exports\.Set\(\s*"(\w+)"/g)]
      .map(([, name]) => name!)
      .sort();
    expect(interfaces.get('NativeAddon')?.members).toEqual(exported);
  });

  it('has an interface for each class that the binding defines, and no more', () => {
    const declared = [...interfaces]
      .filter(([name, { isClass }]) => isClass && name !== 'NativeAddon')
      .map(([name]) => name);
    expect(declared.sort()).toEqual([...classes.keys()].sort());
  });

  it.each([...classes])('%s has the methods that the binding defines', (name, methods) => {
    expect(methods.length).toBeGreaterThan(0);
    expect(interfaces.get(name)?.members).toEqual(methods);
  });

  it.each([
    ['ended', 'native/core/session.h', 'kEnd'],
    ['windowFull', 'native/core/session.h', 'kWindowFull'],
    ['notResident', 'native/core/session.h', 'kNotResident'],
    ['takenBack', 'native/core/session.h', 'kTakenBack'],
    ['maxBranches', 'native/core/context.h', 'kMaxBranches'],
    ['maxHiddenTokens', 'native/binding/model.cc', 'kMostHiddenTokens'],
    ['maxHiddenTexts', 'native/binding/model.cc', 'kMostHiddenTexts'],
    ['maxEmbedTokens', 'native/core/embedder.h', 'kMaxTokens'],
    ['maxEmbedTexts', 'native/core/embedder.h', 'kMaxTexts'],
  ])('gives %s the number of the native side', (name, file, native) => {
    const ours = new RegExp(`export const ${name} = (-?\\d+);`).exec(contract)?.[1];
    expect(ours).toBeDefined();
    expect(new RegExp(`\\b${native} = (-?\\d+)[;,]`).exec(text(file))?.[1]).toBe(ours);
  });
});
