import { type GatherOptions, gather } from '../../sweep/gather.ts';
import { readSweep } from '../../sweep/manifest.ts';
import { messages, output } from '../terminal/output.ts';

/** `dramatis sweep gather`: writes the table, and names what is missing. */
export async function runSweepGather({
  manifest,
  json,
  ...options
}: GatherOptions & { readonly manifest: string; readonly json: boolean }): Promise<void> {
  const {
    file,
    json: path,
    csv,
    missing,
    damage,
  } = await gather(await readSweep(manifest), options);
  if (json) output.json(file);
  else output.line(path);
  messages.line(`${file.runs.length} runs in ${csv}`);
  if (file.machines.length > 1)
    messages.line(
      `From ${file.machines.length} kinds of machine, whose sums differ in the last digits: ${file.machines.join('; ')}`,
    );
  for (const { label } of missing) {
    const fault = damage.get(label);
    messages.line(`missing: ${label}${fault === undefined ? '' : `: ${fault}`}`);
  }
}
