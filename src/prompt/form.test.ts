import { describe, expect, it } from 'vitest';
import { baseModel, chatMlModel, letterModel } from '../testing/models/letter-model.ts';
import { formFor, templateOf } from './form.ts';

describe('templateOf', () => {
  const families: [string, string, string[]][] = [
    ['chatml', "'<|im_start|>' + role", ['<|im_start|>', '<|im_end|>']],
    ['qwen3', '<|im_start|> … if enable_thinking is false', ['<|im_start|>', '<|im_end|>']],
    ['llama3', '<|start_header_id|>', ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>']],
    ['gemma', '<start_of_turn>', ['<start_of_turn>', '<end_of_turn>']],
    ['mistral', '[INST]', ['[INST]', '[/INST]', '</s>']],
  ];
  for (const [id, own, names] of families)
    it(`knows ${id} by the model's own template and control tokens`, () => {
      expect(templateOf(letterModel(own, names))?.id).toBe(id);
    });

  it('knows none if a control token is missing, as where the markers are plain text', () => {
    expect(templateOf(letterModel('[INST]', ['</s>']))).toBeUndefined();
  });
});

describe('formFor', () => {
  it('is chat for a known template, script for a base model or an unknown template', () => {
    expect(formFor(chatMlModel())).toBe('chat');
    expect(formFor(baseModel())).toBe('script');
    expect(formFor(letterModel('<|something|>', ['<|something|>']))).toBe('script');
  });
});
