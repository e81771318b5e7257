import { describe, expect, it } from 'vitest';
import { sceneTurns } from '../../play/scene-turns.ts';
import { answersBy, saltRoad, sourceOf } from '../../testing/plays/salt-road.ts';
import { addressee } from './addressee.ts';

const items = addressee.items(sourceOf(saltRoad));
const anchor = (name: string) => addressee.anchors.find((one) => one.name === name)!;

describe('addressee', () => {
  it('asks about speeches that call one person on stage by name', () => {
    expect(items.map((item) => [item.speaker, item.addressee, item.candidates])).toEqual([
      ['IVO', 'PETRA', ['PETRA']],
      ['PETRA', 'OSWIN', ['IVO', 'OSWIN']],
      ['OSWIN', 'MAGDA', ['MAGDA']],
      ['OSWIN', 'PETRA', ['MAGDA', 'PETRA']],
      ['IVO', 'MAGDA', ['MAGDA', 'PETRA']],
      ['IVO', 'OSWIN', ['MAGDA', 'OSWIN', 'PETRA']],
    ]);
  });

  it('never shows the name in the speech, and always who is meant among the candidates', () => {
    for (const { speech, addressee: person, candidates } of items) {
      expect(speech.toUpperCase()).not.toContain(person);
      expect(candidates).toContain(person);
    }
  });

  it('ends the page where print says who is spoken to', () => {
    const [request] = addressee.requests(items[3]!);
    const { turns } = sceneTurns(saltRoad)[1]!;
    expect(request!.context).toMatchObject({ kind: 'text' });
    if (request?.kind !== 'score' || request.context.kind !== 'text') return;
    expect(request.context.text.split('\n\n').slice(-3)).toEqual([
      `${turns[7]!.speaker}. ${turns[7]!.text}`,
      'OSWIN. Go home, …. The ledger will not close tonight, nor any night that I can row.',
      'OSWIN. [To',
    ]);
    expect(request.continuations).toEqual([' Magda]', ' Petra]']);
  });

  it('keeps to speeches by the character or to them', () => {
    const hers = addressee.items(sourceOf(saltRoad, { character: 'PETRA' }));
    expect(hers.map(({ place }) => place)).toEqual(
      items
        .filter((item) => [item.speaker, item.addressee].includes('PETRA'))
        .map(({ place }) => place),
    );
  });

  it('counts what the page makes likelier, and only where there is a choice', () => {
    for (const item of items) {
      // To this subject Petra is always likeliest, but the page makes who is meant likelier than before.
      const answers = answersBy(addressee.requests(item), (label, { context }) => {
        if (label === ' Petra]') return 0;
        const isAlone = context.kind === 'text' && context.text === `${item.speaker}. [To`;
        return isAlone || !label.toUpperCase().includes(item.addressee) ? -9 : -8;
      });
      const values = addressee.measure(item, answers);
      const { candidates, addressee: person } = item;
      if (candidates.length === 1) expect(values).toEqual({ 'raw accuracy of all': 1 });
      else if (person === 'PETRA') expect(values['raw accuracy']).toBe(1);
      else if (candidates.includes('PETRA'))
        expect(values).toEqual({ accuracy: 1, 'raw accuracy': 0, 'raw accuracy of all': 0 });
      else expect(values).toEqual({ accuracy: 1, 'raw accuracy': 1, 'raw accuracy of all': 1 });
    }
  });

  it('has baselines that know who speaks around the speech', () => {
    const values = (name: string) =>
      items.map((item) => anchor(name).values!(item)['raw accuracy of all']);
    expect(values('ABA')).toEqual([0, 1, 0, 0, 0, 1]);
    expect(values('answers next')).toEqual([1, 1, 1, 1, 1, 1]);
    expect(values('original')).toEqual([1, 1, 1, 1, 1, 1]);
  });
});
