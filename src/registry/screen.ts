import type { GgufHeader } from '../gguf/header.ts';
import type { LoraFile } from '../gguf/lora-gguf.ts';
import type { VersionDetails } from './version.ts';

/** A base model: the header of its file, and the file's sha256 in hex. */
export interface Base {
  readonly sha256: string;
  readonly header: GgufHeader;
}

/**
 * Looks a LoRA file over before it is registered: that it fits its base, and that what it says of itself is what is
 * said of it. `decodeLora` has looked at the file alone: that it is whole, and its numbers finite.
 *
 * @returns What is wrong, a clause each; empty if nothing is.
 */
export function screen(
  lora: LoraFile,
  base: Base,
  details: Pick<VersionDetails, 'base' | 'tokenizer' | 'form' | 'templateVersion'>,
  tokenizer: string,
): string[] {
  const faults: string[] = [];
  const same = (what: string, said: unknown, found: unknown): void => {
    if (said !== undefined && said !== found) faults.push(`${what} is ${said}, not ${found}`);
  };
  const { provenance } = lora;
  same('the base it is registered for', details.base.sha256, base.sha256);
  same('the tokenizer it is registered for', details.tokenizer, tokenizer);
  same('the base it was trained on', provenance[provenanceKeys.base], base.sha256);
  same('the tokenizer it was trained with', provenance[provenanceKeys.tokenizer], tokenizer);
  same('the form it was trained in', provenance[provenanceKeys.form], details.form);
  const template = provenance[provenanceKeys.templateVersion];
  same('the template version it was trained with', template, details.templateVersion);
  same('the architecture it was made for', lora.architecture, base.header.architecture);
  return [...faults, ...misfits(lora, base.header)];
}

/** The keys under "dramatis." that `screen` looks at; whoever writes an adapter file writes these. */
export const provenanceKeys = {
  base: 'base.sha256',
  tokenizer: 'tokenizer.sha256',
  form: 'form',
  templateVersion: 'template_version',
  /** Read by the engine: src/engine/check-adapter.ts. */
  scope: 'adapter.scope',
} as const;

/** Matrices that the base has not, or has in another size. */
function misfits({ matrices }: LoraFile, base: GgufHeader): string[] {
  const tensors = new Map(base.tensors.map((tensor) => [tensor.name, tensor]));
  return matrices.flatMap(({ name, in: width, out }) => {
    const shape = tensors.get(name)?.shape;
    if (!shape) return [`the base has no tensor "${name}"`];
    const [columns, rows = 1] = shape;
    if (columns !== width || rows !== out) {
      return [`"${name}" is ${columns} × ${rows} in the base, ${width} × ${out} in the adapter`];
    }
    return [];
  });
}
