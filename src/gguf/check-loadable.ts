import { checkSizes } from './check-sizes.ts';
import { checkVocabulary } from './check-vocabulary.ts';
import type { GgufHeader } from './header.ts';
import { HeaderFault } from './parse-header.ts';
import type { GgufValueType } from './value-types.ts';

/** Keys that llama.cpp reads without a look at their type. */
const expectedTypes: Readonly<Record<string, GgufValueType>> = {
  'general.architecture': 'string',
  'general.type': 'string',
  'adapter.type': 'string',
  'adapter.lora.alpha': 'float32',
  'split.no': 'uint16',
  'split.count': 'uint16',
  'split.tensors.count': 'int32',
};

/**
 * Refuses a well-formed header that llama.cpp would abort the process over, or read beyond an array for: an
 * aborted process cannot report an error. What it answers with an error of its own is left to it.
 *
 * Every check here was seen to be needed: without it, loading or running a small model with that one
 * value changed ended in an assertion.
 *
 * @throws {HeaderFault} If something is wrong.
 */
export function checkLoadable(header: GgufHeader): void {
  for (const [key, type] of Object.entries(expectedTypes)) {
    const found = header.metadata.get(key)?.type;
    if (found !== undefined && found !== type) {
      throw new HeaderFault(`${key} is of type ${found}, not ${type}`);
    }
  }
  const alpha = header.number('adapter.lora.alpha');
  if (alpha !== undefined && !Number.isFinite(alpha)) {
    throw new HeaderFault(`adapter.lora.alpha is ${alpha}`);
  }
  const isModel = header.text('general.type') !== 'adapter';
  if (isModel && header.architecture !== undefined) checkSizes(header, header.architecture);
  if (isModel) checkVocabulary(header);
}
