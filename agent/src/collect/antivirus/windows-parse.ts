import type { antivirus } from '@postern/shared/checks/antivirus';
import { humanLine } from '@postern/shared/text';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault, speakUtf8 } from '../windows/powershell.ts';
import { askRegistry, registrySchema, settingNumber, settingsOf } from '../windows/registry-script.ts';

/** What watches and reports, by the name of its service. */
const watchers = new Map([
  ['csfalconservice', 'CrowdStrike Falcon'],
  ['sense', 'Microsoft Defender for Endpoint'],
  ['sentinelagent', 'SentinelOne'],
  ['cbdefense', 'Carbon Black Cloud'],
  ['cyserver', 'Cortex XDR'],
  ['elasticendpoint', 'Elastic Defend'],
]);

/**
 * Security Center knows every maker's product and is part of Windows for clients only; on a server Defender is
 * asked itself. What a product left behind in the registry or on the disk is no product, so neither is looked at.
 */
export const script = [
  speakUtf8,
  '$answer = @{ products = $null; productsFault = $null; defender = $null; defenderFault = $null; services = @() }',
  `try { $answer.products = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct -ErrorAction Stop | ForEach-Object { @{ name = [string]$_.displayName; state = [long]$_.productState } }) } catch { $answer.productsFault = ${sayFault} }`,
  `if ($null -eq $answer.products) { try { $status = Get-MpComputerStatus -ErrorAction Stop; $answer.defender = @{ service = [bool]$status.AMServiceEnabled; antivirus = [bool]$status.AntivirusEnabled; realTime = [bool]$status.RealTimeProtectionEnabled; age = $status.AntivirusSignatureAge; mode = [string]$status.AMRunningMode } } catch { $answer.defenderFault = ${sayFault} } }`,
  `$answer.services = @(Get-Service -Name ${[...watchers.keys()].map((name) => `'${name}'`).join(', ')} -ErrorAction SilentlyContinue | ForEach-Object { @{ name = [string]$_.Name; status = [int]$_.Status } })`,
  `$answer.onboarding = ${askRegistry('HKLM:\\SOFTWARE\\Microsoft\\Windows Advanced Threat Protection\\Status', ['OnboardingState'])}`,
  answerAsJson,
].join('; ');

export const answerSchema = z.object({
  products: z
    .array(z.object({ name: z.string(), state: z.int().min(0) }))
    .max(32)
    .nullable(),
  productsFault: faultSchema,
  defender: z
    .object({
      service: z.boolean(),
      antivirus: z.boolean(),
      realTime: z.boolean(),
      age: z.int().nullable(),
      mode: z.string().max(64),
    })
    .nullable(),
  defenderFault: faultSchema,
  // Those that were asked for, and no others.
  services: z
    .array(z.object({ name: z.string().refine((name) => watchers.has(name.toLowerCase())), status: z.int() }))
    .max(32),
  onboarding: registrySchema(['OnboardingState']),
});
export type AntivirusAnswer = z.infer<typeof answerSchema>;

export type Product = z.infer<typeof antivirus.value>['products'][number];

/**
 * Security Center's number. Bits 12 to 15: 0 off, 1 on, 2 snoozed, 3 expired, so that one bit alone would call
 * expired on. Bits 4 to 7: 0 up to date, 1 not. The bits above say what kind of product it is, not whether it runs.
 */
export function productOf({ name, state }: { name: string; state: number }): Product {
  return {
    name: humanLine({ max: 64 }).safeParse(name).data ?? 'unnamed antivirus',
    kind: 'antivirus',
    running: nibble(state, 0x1000) === 1,
    upToDate: nibble(state, 0x10) === 0,
  };
}

function nibble(state: number, unit: number): number {
  return Math.floor(state / unit) % 0x10;
}

const oldestSignatures = 7;
/** AMRunningMode. Older versions do not tell it. */
const activeModes = new Set(['', 'normal', 'normal mode']);

/** Defender, asked itself. Passive mode and the block mode of EDR leave the protecting to somebody else. */
export function defenderOf({ defender, defenderFault }: AntivirusAnswer): Product | undefined {
  const product = { name: 'Microsoft Defender Antivirus', kind: 'antivirus' } as const;
  if (defender !== null) {
    const { service, antivirus, realTime, age, mode } = defender;
    const isActive = activeModes.has(mode.toLowerCase())
      ? true
      : /passive|block|not running/i.test(mode)
        ? false
        : null;
    const running = service && antivirus && realTime ? isActive : false;
    return { ...product, running, upToDate: age === null ? null : age >= 0 && age <= oldestSignatures };
  }
  // The service of Defender does not run.
  return /0x800106ba/i.test(defenderFault ?? '') ? { ...product, running: false, upToDate: null } : undefined;
}

const running = 4;

/** Every Windows has Sense, and it stands still where nobody onboarded the machine: then it is no product. */
export function watchersOf({ services, onboarding }: AntivirusAnswer): Product[] {
  // 0 is not; a number that is not known is no reason to leave it out.
  const isOnboarded = ![undefined, 0].includes(settingNumber(settingsOf(onboarding), 'OnboardingState'));
  return services.flatMap(({ name, status }) => {
    const product = watchers.get(name.toLowerCase());
    const isIdlePart = name.toLowerCase() === 'sense' && !isOnboarded && status !== running;
    if (product === undefined || isIdlePart) return [];
    return [{ name: product, kind: 'edr' as const, running: status === running, upToDate: null }];
  });
}
