/** Every way to write a scene down, by its name on the command line. */
export const exportNames = ['md', 'fountain', 'tei', 'json', 'openai', 'sharegpt', 'html'] as const;

export type ExportName = (typeof exportNames)[number];
