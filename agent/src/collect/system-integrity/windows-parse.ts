import type { systemIntegrity } from '@postern/shared/checks/system-integrity';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault } from '../windows/powershell.ts';
import { askRegistry, registrySchema, settingNumber, settingsOf } from '../windows/registry-script.ts';

/**
 * The options that the kernel noted when it started, and what the hypervisor guards now. What is set up for
 * memory integrity is only asked for where what runs is not told: it may be set up and not run.
 */
export const script = [
  '$answer = @{ running = $null; runningFault = $null; start = $null; scenario = $null; policy = $null }',
  'try { $answer.running = @((Get-CimInstance -Namespace root/Microsoft/Windows/DeviceGuard -ClassName Win32_DeviceGuard -ErrorAction Stop).SecurityServicesRunning | Where-Object { $null -ne $_ } | ForEach-Object { [int]$_ }) } catch { $answer.runningFault = FAULT }'.replace(
    'FAULT',
    () => sayFault,
  ),
  `$answer.start = ${askRegistry('HKLM:\\SYSTEM\\CurrentControlSet\\Control', ['SystemStartOptions'])}`,
  `$answer.scenario = ${askRegistry('HKLM:\\SYSTEM\\CurrentControlSet\\Control\\DeviceGuard\\Scenarios\\HypervisorEnforcedCodeIntegrity', ['Enabled'])}`,
  `$answer.policy = ${askRegistry('HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\DeviceGuard', ['HypervisorEnforcedCodeIntegrity'])}`,
  answerAsJson,
].join('; ');

export const answerSchema = z.object({
  running: z.array(z.int()).max(32).nullable(),
  runningFault: faultSchema,
  start: registrySchema([], ['SystemStartOptions']),
  scenario: registrySchema(['Enabled']),
  policy: registrySchema(['HypervisorEnforcedCodeIntegrity']),
});
export type IntegrityAnswer = z.infer<typeof answerSchema>;

type Protection = z.infer<typeof systemIntegrity.value>['protections'][number];

const testSigning = new Set(['TESTSIGNING']);
const noIntegrityChecks = new Set(['NOINTEGRITYCHECKS', 'DISABLE_INTEGRITY_CHECKS', 'DDISABLE_INTEGRITY_CHECKS']);
/** SecurityServicesRunning: hypervisor-enforced code integrity. */
const memoryIntegrity = 2;

/** Each protection with what is known of it. */
export function protectionsOf(answer: IntegrityAnswer): Protection[] {
  const start = settingsOf(answer.start)?.get('SystemStartOptions');
  const words =
    // A word with something in it that no option has may be one of those that are looked for.
    typeof start === 'string' && /^[\x20-\x7e]*$/.test(start)
      ? start
          .toUpperCase()
          .split(/\s+/)
          .map((word) => word.replace(/^\//, ''))
      : undefined;
  return [
    withoutOption('test-signing', words, testSigning),
    withoutOption('code-integrity', words, noIntegrityChecks),
    memoryProtection(answer),
  ];
}

function withoutOption(name: string, words: readonly string[] | undefined, bad: ReadonlySet<string>): Protection {
  const seen = words?.find((word) => bad.has(word));
  return { name, intact: words === undefined ? null : seen === undefined, detail: seen ?? null };
}

function memoryProtection({ running, scenario, policy }: IntegrityAnswer): Protection {
  const name = 'memory-integrity';
  // No entry at all is no answer: a Windows where nothing is guarded says 0.
  if (running !== null && running.length > 0) {
    return { name, intact: running.includes(memoryIntegrity), detail: null };
  }
  const local = settingsOf(scenario);
  const group = settingsOf(policy);
  const isSetUp =
    (settingNumber(local, 'Enabled') ?? 0) !== 0 ||
    (settingNumber(group, 'HypervisorEnforcedCodeIntegrity') ?? 0) !== 0;
  if (isSetUp) return { name, intact: null, detail: 'set up; not told whether it runs' };
  return { name, intact: local === undefined || group === undefined ? null : false, detail: null };
}
