import type { StageState } from '../state.ts';
import type { ExportName } from './export-names.ts';
import { asFountain } from './fountain.ts';
import { asHtml } from './html.ts';
import { asJson } from './json.ts';
import { asMarkdown } from './markdown.ts';
import { asOpenAi, asShareGpt } from './openai.ts';
import { asTei } from './tei.ts';

/** One way to write a scene down. */
export interface SceneExport {
  /** What a file's name ends in. */
  readonly ending: string;
  /** The whole file, ending with a line end. */
  readonly write: (state: StageState) => string;
}

/** Every way, by its name on the command line. */
export const sceneExports = {
  md: { ending: '.md', write: asMarkdown },
  fountain: { ending: '.fountain', write: asFountain },
  tei: { ending: '.xml', write: asTei },
  json: { ending: '.json', write: asJson },
  openai: { ending: '.jsonl', write: asOpenAi },
  sharegpt: { ending: '.jsonl', write: asShareGpt },
  html: { ending: '.html', write: asHtml },
} as const satisfies Readonly<Record<ExportName, SceneExport>>;
