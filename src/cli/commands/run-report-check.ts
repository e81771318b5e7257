import { DramatisError } from '../../errors.ts';
import { staleNumbers, strayNumbers } from '../../report/study/check-numbers.ts';
import type { NumberEntry } from '../../report/study/ledger.ts';
import { readReport } from '../../report/study/read-report.ts';
import { readStudy } from '../../report/study/read-study.ts';
import { output } from '../terminal/output.ts';

/** `dramatis report --check`: works every number out again; exit 1 if one is not as the report has it. */
export async function runReportCheck({
  study,
  out,
  json,
}: {
  readonly study: string;
  readonly out: string;
  readonly json: boolean;
}): Promise<void> {
  const { numbers, html } = await readReport(out);
  const data = await readStudy(study, { asFound: true });
  const stale = staleNumbers(numbers, data);
  const stray = strayNumbers(html, numbers);
  if (json) output.json({ numbers: numbers.length, stale, stray });
  else
    for (const { entry, now } of stale)
      output.line(
        `${entry.id}  ${textOf(entry)} in the report, ${now ? textOf(now) : 'its rows are gone'} now: ${entry.how}`,
      );
  if (stale.length + stray.length > 0)
    throw new DramatisError(
      'REPORT_STALE',
      `${stale.length} of ${numbers.length} numbers do not follow from the rows of ${study}${stray.length > 0 ? `, and report.html has others: ${stray.slice(0, 5).join(', ')}` : ''}`,
    );
  if (!json) output.line(`${numbers.length} numbers follow from the rows of ${study}`);
}

const textOf = ({
  value,
  low,
  high,
  n,
}: Pick<NumberEntry, 'value' | 'low' | 'high' | 'n'>): string =>
  `${value ?? '–'} [${low ?? '–'}, ${high ?? '–'}] (n ${n ?? '–'})`;
