import { secureBootCollector } from '../../../secure-boot/index.ts';
import type { System } from '../../../system.ts';
import { keyNotThere, windowsRegistry } from '../../../windows/testing/recorded-windows.ts';
import { exited } from '../../recorded-system.ts';
import { fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('secure-boot');
const vendor = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const folder = '/sys/firmware/efi/efivars';
const linux = (secure: number, setup: number, shim?: number): System =>
  onLinux({
    bytes: {
      [`${folder}/SecureBoot-${vendor}`]: [6, 0, 0, 0, secure],
      [`${folder}/SetupMode-${vendor}`]: [6, 0, 0, 0, setup],
      ...(shim === undefined
        ? {}
        : { [`${folder}/MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23`]: [6, 0, 0, 0, shim] }),
    },
  });
const control = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
const windows = (name: string): System =>
  windowsRegistry({
    [`${control}\\SecureBoot\\State`]: fixture(`windows-${name}.txt`),
    [`${control}\\SecureBoot`]: fixture('windows-11-parent-with-state.txt'),
    [`${control} /v PEFirmwareType`]: fixture('windows-firmware-uefi.txt'),
  });
const words = '/System/Library/SystemProfiler/SPiBridgeReporter.spreporter/Contents/Resources/Localizable.loctable';
const policy = '/usr/sbin/nvram 94b73556-2197-4702-82a8-3e1337dafbfb:AppleSecureBootPolicy';
const mac = (report: string, processor: 'apple' | 'intel', level?: string): System =>
  onMac({
    files: { [words]: fixture('macos-words.loctable.txt') },
    commands: {
      '/usr/sbin/system_profiler -json SPiBridgeDataType': fixture(`macos-${report}.json`),
      [policy]:
        level === undefined
          ? exited(1, '', fixture('macos-nvram-absent.stderr.txt'))
          : `94b73556-2197-4702-82a8-3e1337dafbfb:AppleSecureBootPolicy\t%${level}\n`,
      '/usr/sbin/sysctl -i hw.optional.arm64 kern.hv_vmm_present': `${processor === 'apple' ? 'hw.optional.arm64: 1\n' : ''}kern.hv_vmm_present: 0\n`,
    },
  });

export const secureBootScenes = scenesOf(secureBootCollector, {
  on: linux(1, 0),
  'on, shim verifies': linux(1, 0, 0),
  'on, shim verifies nothing': linux(1, 0, 1),
  off: linux(0, 0),
  'setup mode': linux(0, 1),
  BIOS: onLinux({ dirs: { '/sys/firmware': ['acpi'] } }),
  'macOS full': mac('26-full', 'apple'),
  'macOS full, German': mac('15-german-full', 'apple'),
  'macOS full, French': mac('15-french-full', 'apple'),
  'macOS reduced': mac('14-reduced', 'apple'),
  'macOS permissive': mac('15-permissive', 'apple'),
  'macOS, T2 medium': mac('14-t2-medium', 'intel'),
  'macOS, T2 by its variable': mac('13-t2-no-level', 'intel', '02'),
  'macOS, T2 off by its variable': mac('13-t2-no-level', 'intel', '00'),
  'macOS, T1': mac('13-t1', 'intel'),
  'Windows 11 on': windows('11-24h2-on'),
  'Windows 10 off': windows('10-22h2-off'),
  'Windows server on': windows('server-2022-on'),
  'Windows BIOS': windowsRegistry({
    [`${control}\\SecureBoot\\State`]: keyNotThere,
    [`${control}\\SecureBoot`]: fixture('windows-10-22h2-bios-parent.txt'),
    [`${control} /v PEFirmwareType`]: fixture('windows-firmware-bios.txt'),
  }),
  'Windows with UEFI, not told': windowsRegistry({
    [`${control}\\SecureBoot\\State`]: keyNotThere,
    [`${control}\\SecureBoot`]: fixture('windows-11-parent-with-state.txt'),
    [`${control} /v PEFirmwareType`]: fixture('windows-firmware-uefi.txt'),
  }),
});
