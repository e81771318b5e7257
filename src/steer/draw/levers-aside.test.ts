import { describe, expect, it } from 'vitest';
import { grammarOfJsonSchema } from '../grammar/json-schema/schema-grammar.ts';
import { pushNames } from '../push.ts';
import { leversAside } from './levers-aside.ts';

describe('Levers step aside', () => {
  it('all of them that push words for a JSON Schema', () => {
    const object = { type: 'object', properties: { mood: { type: 'string' } }, required: ['mood'] };
    const list = { type: 'array', items: { type: 'string' } };
    for (const schema of [object, list])
      expect(leversAside([grammarOfJsonSchema(schema)])).toEqual(pushNames);
  });

  it('the brackets alone for a grammar that writes some', () => {
    for (const grammar of [
      'root ::= "[" [a-z ]+ "] " [a-z]+',
      'root ::= [a-z]+ aside\naside ::= ("(" [a-z]* ")")?',
      'root ::= [*] [a-z]+ [*]',
    ])
      expect(leversAside([grammar])).toEqual(['brackets']);
  });

  it('none for one that only allows brackets, or has none, or where nothing is asked for', () => {
    for (const asked of [[], ['root ::= [ -~]+'], ['root ::= [^\\n]+'], ['root ::= "Ay" | "Nay"']])
      expect(leversAside(asked)).toEqual([]);
    expect(leversAside(['root ::= "Ay"', 'root ::= "(" "Ay" ")"'])).toEqual(['brackets']);
  });
});
