import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { DramatisError } from '../../errors.ts';
import { errnoOf, unreadable } from '../../store/disk.ts';
import { refuseDevice } from '../../store/read-file-bytes.ts';

const siteSchema = Type.Partial(
  Type.Object(
    {
      sbatch: Type.Array(Type.String()),
      prologue: Type.String(),
    },
    { additionalProperties: false },
  ),
);

/**
 * What every job of this site is given: slurm.json of the user's settings, then what the command line adds.
 *
 * @param config   Folder of the settings.
 * @param prologue File of shell, in place of the lines in slurm.json.
 * @throws {DramatisError} FILE_MISSING; STUDY_INVALID if slurm.json is something else.
 */
export async function readSite(
  config: string,
  {
    sbatch,
    prologue,
  }: { readonly sbatch: readonly string[]; readonly prologue?: string | undefined },
): Promise<{ readonly sbatch: readonly string[]; readonly prologue: string }> {
  const usual = await readUsual(join(config, 'slurm.json'));
  return {
    sbatch: [...(usual.sbatch ?? []), ...sbatch],
    prologue: prologue === undefined ? (usual.prologue ?? '') : await readText(prologue),
  };
}

async function readUsual(path: string): Promise<Static<typeof siteSchema>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return {};
    throw unreadable(path, error);
  }
  const wanted = `${path} is not {"sbatch": ["--account=…"], "prologue": "…"}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new DramatisError('STUDY_INVALID', wanted, { cause, remedy: 'Correct the file.' });
  }
  if (Value.Check(siteSchema, parsed)) return parsed;
  throw new DramatisError('STUDY_INVALID', wanted, { remedy: 'Correct the file.' });
}

async function readText(path: string): Promise<string> {
  await refuseDevice(path);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new DramatisError('FILE_MISSING', `cannot read ${path}`, { cause });
  }
}
