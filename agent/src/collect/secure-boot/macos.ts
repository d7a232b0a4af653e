// Read from recorded output; not run on the system itself.
import type { secureBoot } from '@postern/shared/checks/secure-boot';
import type { z } from 'zod';
import { found, unknown, unsupported, type Finding } from '../finding.ts';
import { controllerMethod, readController, readProcessor, securityChipOf } from '../macos/chip.ts';
import type { System } from '../system.ts';
import { levelOf, parseBootPolicy, type Level } from './macos-level.ts';

type SecureBoot = z.infer<typeof secureBoot.value>;

const variable = '94b73556-2197-4702-82a8-3e1337dafbfb:AppleSecureBootPolicy';

/** At which level a Mac verifies what it starts. bputil would tell more, and asks for an administrator. */
export async function readMacos(system: System): Promise<Finding<SecureBoot>> {
  const controller = await readController(system);
  if (typeof controller === 'object' && !('status' in controller) && controller.secureBoot !== undefined) {
    const level = await levelOf(system, controller.secureBoot);
    if (level !== undefined) return answer(level, controllerMethod);
  }
  const nvram = await system.run('/usr/sbin/nvram', [variable]);
  const policy = nvram.outcome === 'exited' && nvram.code === 0 ? parseBootPolicy(nvram.stdout) : undefined;
  const method = `${controllerMethod}; nvram AppleSecureBootPolicy`;
  const processor = await readProcessor(system);
  const isIntel = !('status' in processor) && !processor.isAppleSilicon;
  if (policy !== undefined && isIntel) return answer(policy, method);

  if (typeof controller === 'object' && 'status' in controller) return controller;
  const isUnset = nvram.outcome === 'exited' && nvram.code !== 0 && /\bdata was not found\b/.test(nvram.stderr);
  if (isIntel && isUnset && (controller === 'none' || securityChipOf(controller.model) === 'T1')) {
    return unsupported(
      'hardware-absent',
      'This Intel Mac has no T2 chip, and so no secure boot that could be switched on.',
      method,
    );
  }
  return unknown(
    'output-unreadable',
    'macOS did not say at which level it starts securely. Look in System Information, Controller, Secure Boot, and tell support.',
    method,
  );
}

const names = {
  'Full Security': 'full',
  'Medium Security': 'medium',
  'Reduced Security': 'reduced',
  'Permissive Security': 'permissive',
  'No Security': 'none',
} as const satisfies Record<Level, string>;

/** There is no setup mode: the keys are Apple's and are burnt in. */
function answer(level: Level, method: string): Finding<SecureBoot> {
  const enabled = level !== 'Permissive Security' && level !== 'No Security';
  return found({ enabled, setupMode: null, level: names[level] }, method);
}
