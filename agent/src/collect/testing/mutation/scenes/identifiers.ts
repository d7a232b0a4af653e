import { identifiersCollector } from '../../../identifiers/index.ts';
import type { Libraries } from '../../../identifiers/libraries.ts';
import { readWith as readMac } from '../../../identifiers/macos.ts';
import { readWith as readWin } from '../../../identifiers/windows.ts';
import type { System } from '../../../system.ts';
import { fixturesIn, onLinux, onMac, scenesOf } from '../scene.ts';
import { recordedSystem } from '../../recorded-system.ts';

const fixture = fixturesIn('identifiers');

/** The libraries as they answer on the recorded machine, so that what they say is spoilt too. */
const librariesOf = (system: System) => async (): Promise<Libraries> => {
  const ask = async (library: string): Promise<string> => {
    const result = await system.run(`library ${library}`, []);
    if (result.outcome !== 'exited' || result.code !== 0) throw new Error('no answer');
    return result.stdout;
  };
  return { system: async () => JSON.parse(await ask('systeminformation')), machineId: () => ask('node-machine-id') };
};
const collector = {
  ...identifiersCollector,
  on: {
    ...identifiersCollector.on,
    macos: (system: System) => readMac(system, librariesOf(system)),
    windows: (system: System) => readWin(system, librariesOf(system)),
  },
};
const dmi = (values: Record<string, string>): System =>
  onLinux({
    files: {
      '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`/sys/class/dmi/id/${name}`, `${value}\n`])),
    },
  });
const mac = (ioreg: string, library?: string): System =>
  onMac({
    commands: {
      '/usr/sbin/ioreg -rd1 -c IOPlatformExpertDevice': fixture(`macos-${ioreg}.txt`),
      ...(library === undefined ? {} : { 'library systeminformation': fixture(`macos-${library}.json`) }),
      'library node-machine-id': 'aabbccdd-1122-3344-5566-77889900aabb',
    },
  });
const windows = (library: string, registry: string): System =>
  recordedSystem({
    platform: 'windows',
    commands: {
      'C:\\Windows\\System32\\reg.exe query HKLM\\SOFTWARE\\Microsoft\\Cryptography': fixture(
        `windows-${registry}.txt`,
      ),
      'library systeminformation': fixture(`windows-${library}-systeminformation.json`),
      'library node-machine-id': '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
    },
  });

export const identifiersScenes = scenesOf(collector, {
  laptop: dmi({
    sys_vendor: 'LENOVO',
    product_name: '21CB',
    product_serial: 'PF3ABCDE',
    product_uuid: '4C4C4544-0051-3510-8052-B4C04F4A4D32',
  }),
  junk: dmi({
    sys_vendor: 'To Be Filled By O.E.M.',
    product_name: 'System Product Name',
    product_serial: 'Default string',
    product_uuid: '03000200-0400-0500-0006-000700080009',
  }),
  board: onLinux({
    files: {
      '/sys/firmware/devicetree/base/model': 'Raspberry Pi 5 Model B Rev 1.0\0',
      '/sys/firmware/devicetree/base/serial-number': '100000008a7b6c5d\0',
    },
  }),
  Mac: mac('15-ioreg', '15-systeminformation'),
  'Mac with a model number': mac('15-ioreg', '15-systeminformation-model-number'),
  'Mac, a guest': mac('13-vm-ioreg'),
  'Windows 11': windows('11', 'cryptography'),
  'Windows 10 with junk': windows('10-oem-junk', 'cryptography'),
  'Windows without an id': windows('11', 'cryptography-no-guid'),
});
