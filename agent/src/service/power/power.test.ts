import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exited, recordedSystem, refused } from '../../collect/testing/recorded-system.ts';
import { isSaving, type Power, readPower } from './index.ts';

const supply = (name: string, members: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(members).map(([member, text]) => [`/sys/class/power_supply/${name}/${member}`, `${text}\n`]),
  );
const profile = (name: string) => ({ '/sys/firmware/acpi/platform_profile': `${name}\n` });
const daemon = (name: string) => ({
  '/var/lib/power-profiles-daemon/state.ini': `[State]\nDriver=platform_profile\nProfile=${name}\n`,
});
const discharging = supply('BAT0', { type: 'Battery', status: 'Discharging' });
const atMains = {
  ...supply('AC', { type: 'Mains', online: '1' }),
  ...supply('BAT0', { type: 'Battery', status: 'Charging' }),
};

const onLinux: [string, Record<string, string>, Power, boolean][] = [
  ['a desktop says nothing', {}, { onBattery: null, saver: null }, false],
  ['a laptop on battery', { ...discharging, ...profile('balanced') }, { onBattery: true, saver: false }, false],
  ['the firmware saves', { ...discharging, ...profile('low-power') }, { onBattery: true, saver: true }, true],
  ['GNOME saves', { ...discharging, ...daemon('power-saver') }, { onBattery: true, saver: true }, true],
  [
    'a saver that was left on at the mains',
    { ...atMains, ...daemon('power-saver') },
    { onBattery: false, saver: true },
    false,
  ],
  [
    'a battery that is not used',
    supply('BAT0', { type: 'Battery', status: 'Full' }),
    { onBattery: false, saver: null },
    false,
  ],
  [
    'the battery of a mouse',
    supply('hidpp_battery_0', { type: 'Battery', scope: 'Device', status: 'Discharging' }),
    { onBattery: null, saver: null },
    false,
  ],
  [
    'one of two batteries is used',
    {
      ...supply('BAT0', { type: 'Battery', status: 'Discharging' }),
      ...supply('BAT1', { type: 'Battery', status: 'Unknown' }),
    },
    { onBattery: true, saver: null },
    false,
  ],
];
for (const [what, files, power, saving] of onLinux) {
  test(`linux: ${what}`, async () => {
    const read = await readPower(recordedSystem({ platform: 'linux', files }));
    assert.deepEqual(read, power);
    assert.equal(isSaving(read), saving);
  });
}

const pmset = (line: string) =>
  `System-wide power settings:\nCurrently in use:\n standby              1\n${line} sleep                1\n`;
for (const [what, output, saver] of [
  ['low power mode', pmset(' lowpowermode         1\n'), true],
  ['no low power mode', pmset(' lowpowermode         0\n'), false],
  ['the low one of three modes', pmset(' powermode            1\n'), true],
  ['the high one of three modes', pmset(' powermode            2\n'), false],
  ['an older macOS without it', pmset(''), null],
] as const) {
  test(`macos: ${what}`, async () => {
    const system = recordedSystem({ platform: 'macos', commands: { '/usr/bin/pmset -g': output } });
    assert.equal((await readPower(system)).saver, saver);
  });
}

const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Power';
const ask = `C:\\Windows\\System32\\reg.exe query ${key}`;
const registry = (value: string) =>
  `\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Power\r\n    HibernateEnabled    REG_DWORD    0x1\r\n${value}\r\n`;
for (const [what, output, saver] of [
  ['the energy saver is on', registry('    EnergySaverState    REG_DWORD    0x1\r\n'), true],
  ['the energy saver is off', registry('    EnergySaverState    REG_DWORD    0x2\r\n'), false],
  ['a Windows without it', registry(''), null],
  ['a registry that is not shown', exited(1), null],
  ['a tool that may not be run', refused, null],
] as const) {
  test(`windows: ${what}`, async () => {
    const system = recordedSystem({ platform: 'windows', commands: { [ask]: output } });
    assert.equal((await readPower(system)).saver, saver);
  });
}
