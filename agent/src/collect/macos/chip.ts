// Read from recorded output; not run on the system itself.
import { z } from 'zod';
import { unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

export interface Processor {
  isAppleSilicon: boolean;
  /** A guest: chip and firmware are those that its host shows it. */
  isVirtual: boolean;
}

/** Which kind of processor this is. The kernel says it to programs that Rosetta translates, too, and their own does not. */
export async function readProcessor(system: System): Promise<Processor | Finding<never>> {
  const method = 'sysctl hw.optional.arm64 kern.hv_vmm_present';
  // An Intel Mac does not know the first name, and -i leaves out what is not known.
  const result = await system.run('/usr/sbin/sysctl', ['-i', 'hw.optional.arm64', 'kern.hv_vmm_present']);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'sysctl'), method };
  const value = (name: string) => new RegExp(`^${name}: ([01])$`, 'm').exec(result.stdout)?.[1];
  const virtual = value('kern\\.hv_vmm_present');
  // Every macOS that is read here knows this one, so that its absence shows an answer that was cut off.
  if (result.code === 0 && virtual !== undefined) {
    return { isAppleSilicon: value('hw\\.optional\\.arm64') === '1', isVirtual: virtual === '1' };
  }
  return unknown(
    'output-unreadable',
    'sysctl did not say which processor this Mac has. Compare with About This Mac.',
    method,
  );
}

const line = z.string().max(200).optional();
const reportSchema = z.object({
  SPiBridgeDataType: z.array(z.object({ ibridge_model_name: line, ibridge_secure_boot: line })).max(8),
});

export interface Controller {
  /** `Apple T2 Security Chip`, also in other languages; Apple Silicon has none beside the processor. */
  model: string | undefined;
  /** In the language of the system: `Full Security`, `Volle Sicherheit`. */
  secureBoot: string | undefined;
}

export const controllerMethod = 'system_profiler -json SPiBridgeDataType';

/** What guards the start of a Mac, as system_profiler describes it; `none` where it says that there is nothing. */
export async function readController(system: System): Promise<Controller | 'none' | Finding<never>> {
  const result = await system.run('/usr/sbin/system_profiler', ['-json', 'SPiBridgeDataType'], { deadlineMs: 4000 });
  if (result.outcome !== 'exited') return { ...unanswered(result, 'system_profiler'), method: controllerMethod };
  const controller = result.code === 0 ? parseController(result.stdout) : undefined;
  return (
    controller ??
    unknown(
      'output-unreadable',
      'macOS did not describe its security chip. Look in System Information, Controller, and compare.',
      controllerMethod,
    )
  );
}

/** Reads the report; undefined where it is none or cut off. */
export function parseController(text: string): Controller | 'none' | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entries = reportSchema.safeParse(json).data?.SPiBridgeDataType;
  if (entries === undefined || entries.length > 1) return undefined;
  const [entry] = entries;
  return entry === undefined ? 'none' : { model: entry.ibridge_model_name, secureBoot: entry.ibridge_secure_boot };
}

/** `T1` or `T2`, which stand so in every language; undefined for another name. */
export function securityChipOf(model: string | undefined): 'T1' | 'T2' | undefined {
  const name = /(?:^|[^A-Za-z0-9])(T[12])(?![A-Za-z0-9])/.exec(model ?? '')?.[1];
  return name === 'T1' || name === 'T2' ? name : undefined;
}
