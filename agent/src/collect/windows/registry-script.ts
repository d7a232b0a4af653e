import { z } from 'zod';
import { faultSchema, sayFault } from './powershell.ts';

/**
 * PowerShell that reads values of a registry key, as a part of a script that asks for more. Unlike reg.exe it
 * tells a key that is absent from one that is refused. Path and names are constants without quotes.
 */
export function askRegistry(path: string, names: readonly string[]): string {
  const values = names.map((name) => `'${name}' = $key.'${name}'`).join('; ');
  return `$( try { $key = Get-ItemProperty -LiteralPath '${path}' -ErrorAction Stop; @{ fault = $null; values = @{ ${values} } } } catch { @{ fault = ${sayFault}; values = $null } } )`;
}

const valuesSchema = z.record(z.string().max(64), z.union([z.number(), z.string().max(2000), z.null()]));

export interface RegistryAnswer {
  fault: string | null;
  values: z.infer<typeof valuesSchema> | null;
}

/**
 * What askRegistry answers for these names: all of them, null where there is no such value. One that is missing, or a
 * word where a number is kept, is no answer: the setting could be the one that forbids.
 */
export function registrySchema(numbers: readonly string[], texts: readonly string[] = []): z.ZodType<RegistryAnswer> {
  const isWhole = (values: z.infer<typeof valuesSchema>) =>
    [...numbers, ...texts].every((name) => Object.hasOwn(values, name)) &&
    numbers.every((name) => typeof values[name] !== 'string' || /^\d{1,10}$/.test(values[name]));
  return z.object({ fault: faultSchema, values: valuesSchema.refine(isWhole).nullable() });
}

/** A key's values, those that exist; undefined where they could not be read. A key that is absent has none. */
export function settingsOf({ values, fault }: RegistryAnswer): ReadonlyMap<string, number | string> | undefined {
  if (values === null) return isAbsent(fault) ? new Map() : undefined;
  return new Map(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** Whether an error id says that there is no such key. */
export function isAbsent(fault: string | null): boolean {
  return fault !== null && /^(?:PathNotFound|ItemNotFound)\b/i.test(fault);
}

/** DWORDs arrive as numbers; some tools write the same as text. */
export function settingNumber(
  settings: ReadonlyMap<string, number | string> | undefined,
  name: string,
): number | undefined {
  const value = settings?.get(name);
  if (typeof value === 'number') return value;
  return value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
