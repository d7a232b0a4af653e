import { z } from 'zod';
import type { System } from '../system.ts';
import type { Product } from './product.ts';

/** A setting stands alone in some releases, and beside who manages it in others. */
const setting = z.union([z.boolean(), z.object({ value: z.boolean() }).transform(({ value }) => value)]);
const status = z.union([z.string(), z.object({ $type: z.string() }).transform(({ $type }) => $type)]);
const text = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]);
const healthSchema = z.object({
  realTimeProtectionEnabled: setting.optional(),
  definitionsStatus: status.optional(),
  /** Whom it reports to, once the machine was onboarded. */
  orgId: text.optional(),
});

/** Microsoft Defender for Endpoint, as it describes its own health. */
export async function readDefender(system: System): Promise<Product | undefined> {
  const result = await system.run('/usr/bin/mdatp', ['health', '--output', 'json']);
  if (result.outcome === 'absent') return undefined;
  const health = result.outcome === 'exited' && result.code === 0 ? parseHealth(result.stdout) : undefined;
  const { running = null, upToDate = null, kind = 'antivirus' } = health ?? {};
  return { name: 'Microsoft Defender', kind, running, upToDate };
}

/** Undefined when it is something else; null for what is not told. */
export function parseHealth(output: string): Required<Omit<Product, 'name'>> | undefined {
  const parsed = healthSchema.safeParse(jsonOrUndefined(output));
  if (!parsed.success) return undefined;
  const { realTimeProtectionEnabled, definitionsStatus, orgId = '' } = parsed.data;
  const known = definitionsStatus?.toLowerCase().replaceAll('_', '');
  return {
    kind: orgId === '' ? 'antivirus' : 'edr',
    running: realTimeProtectionEnabled ?? null,
    upToDate: known === undefined || known === 'unknown' ? null : known === 'uptodate',
  };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
