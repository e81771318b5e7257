import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DramatisError } from '../../errors.ts';
import type { Form } from '../../prompt/prompt.ts';
import { type RowParts, type SceneRow, sceneRow } from '../../prompt/scene-row.ts';
import { baseModel, chatMlModel } from '../../testing/models/letter-model.ts';
import { fitRows } from './fit-rows.ts';

const turns = [
  { speaker: 'BEN', text: 'Who put the salt there?' },
  { speaker: 'ADA', text: 'Not I.' },
  { speaker: 'CLEO', text: 'Nor I.' },
  { speaker: 'ADA', text: 'Then it walked.' },
  { speaker: 'BEN', text: 'Did it?' },
  { speaker: 'ADA', text: 'Whistling.' },
];
const parts = (form: Form, more: Partial<RowParts> = {}): RowParts => ({
  form,
  speaker: 'ADA',
  turns,
  ...more,
});
const models = { chat: chatMlModel(), script: baseModel() };
const learnt = ({ tokens, weights }: SceneRow): number[] =>
  Array.from(tokens).filter((_, i) => weights[i] !== 0);

describe.each<Form>(['chat', 'script'])('Rows that must fit a window, in %s form', (form) => {
  const model = models[form];
  const whole = sceneRow(model, parts(form));
  const least = Math.max(
    ...[1, 3, 5].map(
      (i) => sceneRow(model, parts(form, { turns: turns.slice(i, i + 1) })).tokens.length,
    ),
  );

  it('are the row itself if it fits', () => {
    expect(fitRows(model, parts(form), whole.tokens.length)).toEqual([whole]);
  });

  it('teach every answer once, in order, however small the window is', () => {
    fc.assert(
      fc.property(fc.integer({ min: least, max: whole.tokens.length }), (most) => {
        const rows = fitRows(model, parts(form), most);
        for (const { tokens, weights } of rows) {
          expect(tokens.length).toBeLessThanOrEqual(most);
          expect(weights).toHaveLength(tokens.length);
        }
        expect(rows.flatMap(learnt)).toEqual(learnt(whole));
      }),
    );
  });

  it('begin with the answer before, where they were divided', () => {
    const [first, second] = fitRows(model, parts(form), whole.tokens.length - 1);
    expect(model.spell(first!.tokens)).toMatch(/Then it walked\.\S*\s*$/);
    expect(model.spell(second!.tokens)).toMatch(/Then it walked.*Did it\?.*Whistling\./s);
    expect(model.spell(second!.tokens)).not.toContain('salt');
  });

  it('lose what is recalled before the answer loses its end', () => {
    const recalled = [{ speaker: 'CLEO', text: 'The beam was filed.' }];
    const one = parts(form, { turns: turns.slice(4), recalled });
    const bare = sceneRow(model, { ...one, turns: turns.slice(5), recalled: [] }).tokens.length;
    expect(fitRows(model, one, bare)).toHaveLength(1);
    expect(learnt(fitRows(model, one, bare)[0]!)).toEqual(learnt(sceneRow(model, one)));
    const [cut] = fitRows(model, one, bare - 4);
    expect(cut!.tokens).toHaveLength(bare - 4);
    expect(learnt(sceneRow(model, one)).join()).toContain(learnt(cut!).join());
  });

  it('are refused where nothing of an answer fits', () => {
    expect(() => fitRows(model, parts(form), 2)).toThrow(DramatisError);
    expect(() => fitRows(model, parts(form), 2)).toThrow(/no room for an answer/);
  });
});
