import { humanLine } from '@postern/shared/text';
import { z } from 'zod';
import { speakUtf8 } from '../windows/powershell.ts';

/**
 * ActiveStore is what is in force: the default store leaves group policy out, and says on where policy
 * switched off. Numbers and error ids instead of words, and never netsh: words are in the user's language.
 */
export const script = [
  speakUtf8,
  '$answer = @{ profiles = $null; profilesFault = $null; products = $null; productsFault = $null }',
  'try { $answer.profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore -ErrorAction Stop | ForEach-Object { @{ name = [string]$_.Name; enabled = [int]$_.Enabled } }) } catch { $answer.profilesFault = [string]$_.FullyQualifiedErrorId }',
  'try { $answer.products = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName FirewallProduct -ErrorAction Stop | ForEach-Object { @{ name = [string]$_.displayName; state = [long]$_.productState } }) } catch { $answer.productsFault = [string]$_.FullyQualifiedErrorId }',
  'ConvertTo-Json -Compress -Depth 4 -InputObject $answer',
].join('; ');

const fault = z.string().max(1000).nullable();

export const answerSchema = z.object({
  profiles: z
    .array(z.object({ name: z.string(), enabled: z.int() }))
    .max(16)
    .nullable(),
  profilesFault: fault,
  products: z
    .array(z.object({ name: z.string(), state: z.int().min(0) }))
    .max(32)
    .nullable(),
  productsFault: fault,
});
export type FirewallAnswer = z.infer<typeof answerSchema>;

const profileNames = ['domain', 'private', 'public'] as const;

/** The three profiles, or undefined unless each is there once and plainly on (1) or off (0): 2 is "not configured". */
export function profilesOf(answer: FirewallAnswer): Record<string, boolean> | undefined {
  if (answer.profiles?.length !== profileNames.length) return undefined;
  const byName = new Map(answer.profiles.map(({ name, enabled }) => [name.toLowerCase(), enabled]));
  const states = profileNames.map((name) => byName.get(name));
  if (!states.every((state) => state === 0 || state === 1)) return undefined;
  return Object.fromEntries(profileNames.map((name) => [name, byName.get(name) === 1]));
}

/**
 * Other makers' firewalls that Security Center calls on. Bits 12 to 15 of the state: 0 off, 1 on,
 * 2 snoozed, 3 expired. Windows' own entry is left out: the profiles tell the truth about it.
 */
export function activeProducts(answer: FirewallAnswer): string[] {
  return (answer.products ?? [])
    .filter(({ state }) => Math.floor(state / 0x1000) % 0x10 === 1)
    .map(({ name }) => humanLine({ max: 64 }).safeParse(name).data ?? 'unnamed third-party firewall')
    .filter((name) => !/^(?:windows|microsoft)\b/i.test(name));
}
