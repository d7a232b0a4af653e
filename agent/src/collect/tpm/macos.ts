// Read from recorded output; not run on the system itself.
import type { tpm } from '@postern/shared/checks/tpm';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import { controllerMethod, readController, readProcessor, securityChipOf } from '../macos/chip.ts';
import type { System } from '../system.ts';

type Tpm = z.infer<typeof tpm.value>;

const method = 'sysctl hw.optional.arm64 kern.hv_vmm_present';
const enclave: Tpm = { present: true, version: 'secure-enclave' };

/** Whether there is a Secure Enclave: in every Apple chip, and in the T1 and T2 chips beside Intel's. */
export async function readMacos(system: System): Promise<Finding<Tpm>> {
  const processor = await readProcessor(system);
  if ('status' in processor) return processor;
  if (processor.isVirtual) {
    return unknown(
      'no-data',
      'This is a virtual machine, whose Secure Enclave is its host’s, if it has one. Look at the host.',
      method,
    );
  }
  if (processor.isAppleSilicon) return found(enclave, method);
  const controller = await readController(system);
  if (controller === 'none') return found({ present: false, version: null }, controllerMethod);
  if ('status' in controller) return controller;
  if (securityChipOf(controller.model) !== undefined) return found(enclave, controllerMethod);
  return unknown(
    'output-unreadable',
    'This Mac has a controller whose name is not known. Look in System Information, Controller, and tell support.',
    controllerMethod,
  );
}
