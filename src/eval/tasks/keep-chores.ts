import { shuffled } from '../../measure/statistics/prng.ts';

/** Small work with one right answer. */
export const chores = ['copy', 'sum', 'json'] as const;
export type Chore = (typeof chores)[number];

export interface AskedChore {
  /** Ends where the answer begins. */
  readonly text: string;
  readonly right: string;
  /** Three, about as long as the right one. */
  readonly wrong: readonly string[];
}

const things = [
  'apple river pencil window garden button candle ladder pocket basket hammer ribbon',
  'carpet mirror saddle kettle turnip blanket marble feather bucket lantern pepper needle',
]
  .join(' ')
  .split(' ');
const names = ['Ada', 'Ben', 'Cleo', 'Dina', 'Emil', 'Fay', 'Gus', 'Hana'];
const towns = ['Oslo', 'Lima', 'Kyoto', 'Turin', 'Perth', 'Quito', 'Delft', 'Accra'];
/** Words of a list to copy. */
const listLength = 5;

/** A chore drawn from `random`, with an example of how it is done before it. */
export function choreOf(chore: Chore, random: () => number): AskedChore {
  switch (chore) {
    case 'copy':
      return copying(random);
    case 'sum':
      return adding(random);
    case 'json':
      return formatting(random);
  }
}

function copying(random: () => number): AskedChore {
  const drawn = shuffled(things, random);
  const example = drawn.slice(0, listLength).join(', ');
  const list = drawn.slice(listLength, 2 * listLength);
  const unlisted = drawn[2 * listLength]!;
  const written = (words: readonly string[]): string => ` ${words.join(', ')}`;
  const at = 1 + Math.floor(random() * (listLength - 2));
  const swapped = [...list];
  [swapped[at], swapped[at + 1]] = [list[at + 1]!, list[at]!];
  return {
    text: `Copy each list.\n\nList: ${example}\nCopy: ${example}\n\nList:${written(list)}\nCopy:`,
    right: written(list),
    wrong: [
      written(swapped),
      written(list.map((word, i) => (i === at ? unlisted : word))),
      written([...list.slice(1), list[0]!]),
    ],
  };
}

function adding(random: () => number): AskedChore {
  const number = (): number => 11 + Math.floor(random() * 79);
  const [a, b, c, d] = [number(), number(), number(), number()];
  const sum = c + d;
  const off = shuffled([-10, -2, -1, 1, 2, 10], random).slice(0, 3);
  return {
    text: `Add the numbers.\n\n${a} + ${b} = ${a + b}\n${c} + ${d} =`,
    right: ` ${sum}`,
    wrong: off.map((by) => ` ${sum + by}`),
  };
}

function formatting(random: () => number): AskedChore {
  const [first, second] = shuffled(names, random);
  const [here, there] = shuffled(towns, random);
  const [young, old] = [0, 1].map(() => 20 + Math.floor(random() * 60));
  const sentence = (name: string, years: number, town: string): string =>
    `${name} is ${years} and lives in ${town}.`;
  const json = (name: string, years: number, town: string): string =>
    `{"name": "${name}", "age": ${years}, "town": "${town}"}`;
  const right = json(second!, old!, there!);
  const example = `${sentence(first!, young!, here!)}\n${json(first!, young!, here!)}`;
  return {
    text: `Write each line as JSON.\n\n${example}\n\n${sentence(second!, old!, there!)}\n`,
    right,
    wrong: [
      right.replace(/\}$/, ']'),
      right.replace('"age":', '"age"='),
      right.replace(', "town"', '; "town"'),
    ],
  };
}
