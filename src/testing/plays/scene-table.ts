import fc from 'fast-check';
import type { Play, Speech } from '../../play/play.ts';

/** Scene, such as "1.2" → who says what in it. */
export type SceneTable = Readonly<
  Record<string, readonly (readonly [name: string, text: string])[]>
>;

/** Plays made from tables test splits and data gates: the scenes come in the table's order, and who speaks in one is present throughout. */
export function playOf(table: SceneTable, title = 'The Weighing House'): Play {
  const acts = new Map<
    number,
    { number: number; heading: string; scenes: Play['acts'][0]['scenes'][0][] }
  >();
  const cast = new Map<string, Play['cast'][0]>();
  for (const [place, said] of Object.entries(table)) {
    const [act = 0, scene = 0] = place.split('.').map(Number);
    const present = [...new Set(said.map(([name]) => name))].sort();
    const elements = said.map(
      ([name, text], i): Speech => ({
        kind: 'speech',
        speakers: [name],
        label: name,
        lines: [text],
        place: `${place}.${i + 1}`,
        present,
      }),
    );
    if (!acts.has(act)) acts.set(act, { number: act, heading: `ACT ${act}`, scenes: [] });
    acts.get(act)!.scenes.push({ number: scene, heading: `SCENE ${scene}`, elements });
    for (const [name, text] of said) {
      const { speeches = 0, words = 0 } = cast.get(name) ?? {};
      const more = text.split(' ').filter((word) => word !== '').length;
      cast.set(name, {
        name,
        aliases: [],
        description: '',
        speeches: speeches + 1,
        words: words + more,
      });
    }
  }
  return { title, format: 'csv', acts: [...acts.values()], cast: [...cast.values()], warnings: [] };
}

/** So many words that no other call with another name has: "ada.1.1-0 ada.1.1-1 …". */
export function ownWords(name: string, count: number): string {
  return Array.from({ length: count }, (_, i) => `${name}-${i}`).join(' ');
}

/** Plays of up to 4 acts of up to 6 scenes, in which five people say between nothing and 400 words a scene. */
export const somePlay: fc.Arbitrary<Play> = fc
  .array(
    fc.array(fc.array(fc.nat(400), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
    { minLength: 1, maxLength: 4 },
  )
  .map((acts) =>
    playOf(
      Object.fromEntries(
        acts.flatMap((scenes, act) =>
          scenes.map((counts, scene) => [
            `${act + 1}.${scene + 1}`,
            counts.map((count, i) => {
              const name = 'ABCDE'.charAt(i);
              return [name, ownWords(`${name}${act}x${scene}`, count)] as const;
            }),
          ]),
        ),
      ),
    ),
  );
