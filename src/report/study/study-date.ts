import type { StudyData } from './study-data.ts';

/** When the last evaluation or timing of a study began; the beginning of 1970 where no record of one is kept. */
export function studyDate({
  evaluations,
  speeds,
}: Pick<StudyData, 'evaluations' | 'speeds'>): Date {
  const begun = [
    ...evaluations.map(({ record }) => record?.started ?? ''),
    ...speeds.map(({ speed }) => speed.date),
  ].map(Date.parse);
  return new Date(Math.max(0, ...begun.filter(Number.isFinite)));
}
