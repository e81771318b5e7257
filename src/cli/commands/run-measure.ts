import type { Measured } from '../../engine/bench/measured.ts';
import { speedComparisonText, speedLine } from '../../report/speed/text.ts';
import { compareSpeed } from '../../workspace/bench/compare-speed.ts';
import { type MeasureOptions, measureMachine } from '../../workspace/bench/measure-machine.ts';
import { machineText } from '../../workspace/bench/measured-machine.ts';
import { readSpeedFile, type SpeedFile, writeSpeedFile } from '../../workspace/bench/speed-file.ts';
import { openDramatis } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { thisProgram } from '../this-program.ts';
import type { BenchOptions, KeptOptions } from './bench-options.ts';

/** `dramatis bench`: measures all there is or what is named, prints it row by row, keeps it, and compares it. */
export async function runMeasure(
  options: BenchOptions & KeptOptions,
  asked: Omit<MeasureOptions, 'model' | 'program'>,
): Promise<void> {
  const { json, model, against } = options;
  const before = against === undefined ? undefined : await readSpeedFile(against);
  using progress = new OpeningProgress();
  progress.begin('Opening the model');
  using dramatis = await openDramatis(options, progress.report);
  let bench = '';
  for await (const event of measureMachine(dramatis, {
    ...{ ...asked, model, program: thisProgram() },
  })) {
    progress.clear();
    if (event.kind === 'begin')
      progress.begin(`Measuring ${event.bench}, ${event.i + 1} of ${event.of}`);
    if (event.kind === 'row') {
      if (!json) print(event.row, event.row.bench !== bench);
      bench = event.row.bench;
      progress.begin(`Measuring ${bench}`);
    }
    if (event.kind === 'results') await keep(event.file, before, options);
  }
}

function print(row: Measured, isFirst: boolean): void {
  if (isFirst) output.line(`\n${row.bench}`);
  output.line(speedLine(row));
}

/** Prints what the rows depend on, writes the file that was asked for, and sets it against another. */
export async function keep(
  file: SpeedFile,
  before: SpeedFile | undefined,
  { json, out, isOwnJson = false }: Pick<BenchOptions, 'json'> & KeptOptions,
): Promise<void> {
  if (out !== undefined) {
    await writeSpeedFile(out, file);
    messages.line(`wrote ${out}`);
  }
  const comparison = before && compareSpeed(file, before);
  if (json) {
    if (!isOwnJson) output.json({ ...file, ...(comparison && { comparison }) });
    return;
  }
  const { name, description, sha256 } = file.model;
  output.line(`\n${name}, ${description}, ${sha256.slice(0, 12)}`);
  output.line(machineText(file.machine));
  if (comparison) output.line(`\n${speedComparisonText(comparison)}`);
}
