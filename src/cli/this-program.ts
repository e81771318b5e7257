/** Words that start this program again in a process of its own: Node, its options, the program. */
export const thisProgram = (): string[] => [
  process.execPath,
  ...process.execArgv,
  process.argv[1]!,
];
