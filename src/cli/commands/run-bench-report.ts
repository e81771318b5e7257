import { join } from 'node:path';
import { speedPage } from '../../report/speed/page.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { readSpeedFile } from '../../workspace/bench/speed-file.ts';
import { output } from '../terminal/output.ts';

/** `dramatis bench report`: files of measurements as one page. */
export async function runBenchReport(files: readonly string[], out: string): Promise<void> {
  const read = [];
  for (const file of files) read.push(await readSpeedFile(file));
  await makeFolder(out);
  const path = join(out, 'speed.html');
  await writeAtomic(path, speedPage(read));
  output.line(path);
}
