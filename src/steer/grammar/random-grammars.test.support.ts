import fc from 'fast-check';

const weight = fc.constantFrom('', '/2/ ', '/0.3/ ', '/17/ ', '/0/ ');
/** Parts of rules over a few characters; rules are named r0 to r3. */
const { expression } = fc.letrec<{ expression: string; choice: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('"a"', '"ab"', '[ab]', '[^b]', '"é"', '" "', '""', '"th"', '"the"', '[’a-c]'),
    fc.constantFrom('r1', 'r2', 'r3'),
    fc.tuple(tie('expression'), tie('expression')).map((parts) => parts.join(' ')),
    tie('choice').map((choice) => `(${choice})`),
    fc
      .tuple(
        tie('choice'),
        fc.constantFrom(
          '?',
          '*',
          '+',
          '{2}',
          '{1,3}',
          '{0,2}',
          '{2,}',
          '{1,4} ~ 2',
          '{0,3} ~ 2+-0.5',
        ),
      )
      .map(([part, times]) => `(${part})${times}`),
  ),
  choice: fc
    .array(fc.tuple(weight, tie('expression')), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map(([w, part]) => w + part).join(' | ')),
}));
/** Whole grammars, with weights and soft lengths. */
export const rules = fc
  .tuple(expression, expression, expression, expression)
  .map(([root, ...others]) =>
    [`root ::= ${root}`, ...others.map((body, i) => `r${i + 1} ::= "c" ${body} | "b"`)].join('\n'),
  );

/** Lines of a grammar without what only our language has. */
export const withoutWeights = (lines: string): string =>
  lines.replaceAll(/\/[\d.]+\/ /g, '').replaceAll(/ ~ \d+(\+-[\d.]+)?/g, '');

/** Why one of the two refuses a grammar: it finds some recursion where there is none, and we some that it would follow for ever. */
export const refusedByOne =
  /left recursion|weighs more|refuses the grammar|ways at once|so ambiguous/;
