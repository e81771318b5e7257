import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { addonPath, compute, type Device, type GpuProbe, probeGpus } from '../engine/compute.ts';
import { usableCores } from '../engine/cores.ts';
import { DramatisError } from '../errors.ts';
import { megabytes } from '../hub/disk-space.ts';
import { modelInUse } from '../hub/model-in-use.ts';
import { freeMemory, usableMemory } from '../hub/model-memory.ts';
import { folderFault, folders } from '../store/folders.ts';
import { Settings } from '../store/settings.ts';
import { type ListedModel, listModels } from '../workspace/list-models.ts';
import { type ListedPlay, listPlays } from '../workspace/list-plays.ts';
import { version } from '../workspace/program.ts';
import { kernelsFinding, type StepChoice, stepChoice } from './kernels-finding.ts';
import { openDramatis } from './open-dramatis.ts';
import { inUseText } from './terminal/model-text.ts';
import { damagedSettings } from './terminal/settings-text.ts';

/** One thing looked at: 'bad' keeps Dramatis from working, 'note' is worth knowing. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'bad';
  readonly about: string;
  readonly what: string;
}

/** What the models need with room for a conversation. */
const leastMemoryBytes = 400e6;
const leastDiskBytes = 500e6;

/** Looks at all that Dramatis needs, opening no socket and changing nothing. */
export async function examine() {
  const engine = examineEngine();
  const cores = usableCores();
  const memory = { totalBytes: usableMemory(), freeBytes: freeMemory() };
  const stores = await Promise.all(
    Object.entries(folders()).map(async ([name, path]) => ({
      name,
      path,
      ...(await lookAt(path)),
    })),
  );
  const pip = await findPip();
  const dramatis = await openDramatis();
  const kernels = engine.addon.loaded ? await examineKernels() : null;
  const here = {
    models: namesHere(await listModels(dramatis)),
    plays: namesHere(await listPlays(dramatis)),
  };
  const findings: Finding[] = [
    { state: 'ok', about: 'dramatis', what: version() },
    {
      state: 'ok',
      about: 'node',
      what: `${process.version} on ${process.platform} ${process.arch}`,
    },
    ...engine.findings,
    {
      state: 'ok',
      about: 'cores',
      what: `${cores.count} threads by default: ${cores.processors} processors, ${cores.physical} physical, ${quota(cores.quota)}`,
    },
    {
      state: memory.freeBytes < leastMemoryBytes ? 'note' : 'ok',
      about: 'memory',
      what: `${megabytes(memory.freeBytes)} free of ${megabytes(memory.totalBytes)}`,
    },
    ...stores.map(folderFinding),
    ...(await settingsFindings()),
    ...(kernels ? [kernelsFinding(kernels)] : []),
    presence('models', here.models),
    presence('plays', here.plays),
    pip === undefined
      ? {
          state: 'note',
          about: 'pip',
          what: 'not found: models are then fetched by https: and hf: only',
        }
      : { state: 'ok', about: 'pip', what: pip },
  ];
  return {
    version: version(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    addon: engine.addon,
    devices: engine.devices,
    gpuModules: engine.gpuModules,
    features: engine.features,
    kernels,
    cores: { ...cores, quota: Number.isFinite(cores.quota) ? cores.quota : null },
    memory,
    folders: stores,
    inUse: await modelInUse().then(
      ({ name, from }) => ({ name, from }),
      () => null,
    ),
    here,
    pip: pip ?? null,
    findings,
  };
}

interface Engine {
  readonly addon: {
    readonly path: string | null;
    readonly loaded: boolean;
    readonly error?: string;
  };
  readonly devices: readonly Device[];
  readonly gpuModules: readonly GpuProbe[];
  /** What the CPU module in use was compiled for. */
  readonly features: readonly string[];
  readonly findings: readonly Finding[];
}

function examineEngine(): Engine {
  try {
    const native = compute();
    const path = addonPath();
    const devices = native.devices();
    const gpuModules = probeGpus();
    const features = native.features();
    return {
      addon: { path, loaded: true },
      devices,
      gpuModules,
      features,
      findings: [
        { state: 'ok', about: 'engine', what: path },
        ...devices.map(
          ({ name, kind, backend, description, memoryTotal }): Finding => ({
            state: 'ok',
            about: 'device',
            what: `${name} (${kind}, ${backend}): ${description.trim()}, ${megabytes(memoryTotal)}`,
          }),
        ),
        ...gpuModules.map(gpuFinding),
        { state: 'ok', about: 'features', what: features.join(' ') },
      ],
    };
  } catch (error) {
    if (!(error instanceof DramatisError)) throw error;
    const finding = {
      state: 'bad' as const,
      about: 'engine',
      what: `${error.message}. ${error.remedy}`,
    };
    const addon = { path: null, loaded: false, error: error.message };
    return { addon, devices: [], gpuModules: [], features: [], findings: [finding] };
  }
}

/** Null where the settings cannot be read, which is a finding of its own. */
async function examineKernels(): Promise<StepChoice | null> {
  try {
    return stepChoice(await Settings.open());
  } catch (error) {
    if (!(error instanceof DramatisError)) throw error;
    return null;
  }
}

/** A note where a GPU is seen and the module for it is of no use, or the other way about. */
function gpuFinding({ name, isSeen, state, devices, reason }: GpuProbe): Finding {
  const unseen = isSeen ? '' : ' (no GPU for it is seen here)';
  const because = `${name}${unseen}: ${reason}`;
  const names = devices.join(', ');
  const about = 'gpu';
  switch (state) {
    case 'registered':
      return isSeen
        ? { state: 'ok', about, what: `${name} drives ${names}` }
        : {
            state: 'note',
            about,
            what: `${name} could drive ${names}; set GGML_BACKEND_PATH to it`,
          };
    case 'failed':
      return { state: isSeen ? 'note' : 'ok', about, what: because };
    case 'skipped':
    case 'missing':
      return { state: 'ok', about, what: because };
  }
}

/** Whether a folder can be written, or could be made, and how much room is left where it lies. */
async function lookAt(
  path: string,
): Promise<{ isWritable: boolean; freeBytes: number; fault?: string }> {
  const fault = await folderFault(path);
  if (fault !== undefined) return { isWritable: false, freeBytes: 0, fault };
  for (let at = path; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      const isWritable = await access(at, constants.W_OK).then(
        () => true,
        () => false,
      );
      return { isWritable, freeBytes: bavail * bsize };
    } catch {
      if (dirname(at) === at) return { isWritable: false, freeBytes: 0 };
    }
  }
}

function folderFinding(folder: Awaited<ReturnType<typeof lookAt>> & { path: string }): Finding {
  const { path, isWritable, freeBytes, fault } = folder;
  const what = `${path}, ${megabytes(freeBytes)} free`;
  if (!isWritable)
    return {
      state: 'bad',
      about: 'folder',
      what: `${path} cannot be written${fault ? `: ${fault}` : ''}`,
    };
  return { state: freeBytes < leastDiskBytes ? 'note' : 'ok', about: 'folder', what };
}

function namesHere(listed: readonly (ListedModel | ListedPlay)[]): string[] {
  return listed.filter(({ path }) => path !== undefined).map(({ entry }) => entry.id);
}

/** The settings file, whether it is whole, and which model is in use for which reason. */
async function settingsFindings(): Promise<Finding[]> {
  try {
    const { path, damage } = await Settings.open();
    const settings: Finding = damage
      ? { state: 'note', about: 'settings', what: damagedSettings(damage) }
      : { state: 'ok', about: 'settings', what: path };
    return [settings, { state: 'ok', about: 'in use', what: inUseText(await modelInUse()) }];
  } catch (error) {
    if (!(error instanceof DramatisError)) throw error;
    return [{ state: 'bad', about: 'settings', what: `${error.message}. ${error.remedy}` }];
  }
}

function presence(about: string, ids: readonly string[]): Finding {
  return ids.length > 0
    ? { state: 'ok', about, what: ids.join(', ') }
    : { state: 'note', about, what: 'none here yet: they are fetched when first used' };
}

/** Such as "pip 23.0.1 (python 3.11)"; undefined if there is none. */
async function findPip(): Promise<string | undefined> {
  for (const python of ['python3', 'python', 'py']) {
    try {
      const { stdout } = await promisify(execFile)(python, ['-m', 'pip', '--version'], {
        timeout: 10_000,
      });
      return stdout.trim().replace(/ from .* \(/, ' (');
    } catch {
      // Not installed, or without pip: the next may be there.
    }
  }
  return undefined;
}

const quota = (processors: number): string =>
  Number.isFinite(processors) ? `a quota of ${processors}` : 'no quota';
