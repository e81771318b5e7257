import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const declarations = fileURLToPath(new URL('../dist/index.d.ts', import.meta.url));

/** Every name of a type that the public declarations use and do not export, as "Who names What". */
function unexported(): string[] {
  const program = ts.createProgram([declarations], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ['node'],
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const own = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const index = checker.getSymbolAtLocation(program.getSourceFile(declarations)!)!;
  const exported = new Set(checker.getExportsOfModule(index).map(own));
  const found = new Set<string>();
  const visit = (node: ts.Node, who: string): void => {
    if (isHidden(node)) return;
    const named = nameIn(node);
    const symbol = named && checker.getSymbolAtLocation(named);
    if (symbol && isOurs(own(symbol)) && !exported.has(own(symbol)))
      found.add(`${who} names ${own(symbol).name}`);
    ts.forEachChild(node, (child) => visit(child, who));
  };
  for (const symbol of exported)
    for (const declaration of symbol.declarations ?? [])
      if (isFromDist(declaration)) visit(declaration, symbol.name);
  return [...found].sort();
}

/** The name of a type, where the node is one; the type of a value by `typeof` is spelled out for who reads it. */
function nameIn(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  return ts.isExpressionWithTypeArguments(node) ? node.expression : undefined;
}

const isFromDist = (node: ts.Node): boolean => /\/dist\//.test(node.getSourceFile().fileName);

/** A private constructor still names the types of its parameters, which nobody outside can give. */
const isHidden = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);

/** Type parameters are named where they are declared; other packages export their own. */
const isOurs = (symbol: ts.Symbol): boolean =>
  !(symbol.flags & ts.SymbolFlags.TypeParameter) && (symbol.declarations ?? []).some(isFromDist);

describe('The public API', () => {
  it.skipIf(!existsSync(declarations))('exports every type that its signatures name', () => {
    expect(unexported()).toEqual([]);
  });
});
