import type { System } from '../../../system.ts';
import { tpmCollector } from '../../../tpm/index.ts';
import { keyRefused, windowsRegistry } from '../../../windows/testing/recorded-windows.ts';
import { fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';

const fixture = fixturesIn('tpm');
const driver = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\TPM';
const windows = (devices: string, more: Record<string, string> = {}): System =>
  windowsRegistry({
    [`${driver}\\Enum`]: devices === 'refused' ? keyRefused : fixture(`windows-${devices}.txt`),
    ...Object.fromEntries(Object.entries(more).map(([key, name]) => [key, fixture(`windows-${name}.txt`)])),
  });
const mac = (processor: string, report = '13-none'): System =>
  onMac({
    commands: {
      '/usr/sbin/sysctl -i hw.optional.arm64 kern.hv_vmm_present': processor,
      '/usr/sbin/system_profiler -json SPiBridgeDataType': fixture(`macos-${report}.json`),
    },
  });
const intel = 'kern.hv_vmm_present: 0\n';

export const tpmScenes = scenesOf(tpmCollector, {
  'chip 2.0': onLinux({ files: { '/sys/class/tpm/tpm0/tpm_version_major': '2\n' } }),
  'chip 1.2': onLinux({ files: { '/sys/class/tpm/tpm0/tpm_version_major': '1\n' } }),
  'chip of an old kernel': onLinux({ dirs: { '/sys/class/tpm': ['tpm0'] } }),
  'no chip': onLinux({ dirs: { '/sys/class': ['net'] } }),
  'Apple Silicon': mac('hw.optional.arm64: 1\nkern.hv_vmm_present: 0\n'),
  'Apple Silicon, a guest': mac('hw.optional.arm64: 1\nkern.hv_vmm_present: 1\n'),
  'Intel, T2': mac(intel, '13-t2'),
  'Intel, T2, German': mac(intel, '14-t2-german'),
  'Intel, T1': mac(intel, '13-t1'),
  'Intel, none': mac(intel, '13-none'),
  'Windows 11': windows('11-24h2-ptt'),
  'Windows 10, 1.2': windows('10-22h2-12'),
  'Windows server, discrete': windows('server-2022-discrete', {
    'HKLM\\SYSTEM\\CurrentControlSet\\Enum\\ACPI\\NTC0702\\1': 'device-ntc0702',
  }),
  'Windows server, none started': windows('server-2019-none-started'),
  'Windows without': windows('refused', { [driver]: 'driver-without-chip' }),
  'Windows, not told': windows('refused', { [driver]: 'driver-with-chip' }),
});
