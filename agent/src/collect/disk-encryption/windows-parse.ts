import type { diskEncryption } from '@postern/shared/checks/disk-encryption';
import { z } from 'zod';
import { speakUtf8 } from '../windows/powershell.ts';

/**
 * The property that Explorer paints its padlock by: answered without administrator's rights, and in
 * numbers. The system drive is asked of Windows and not of the environment, which the user may set.
 */
export const script = [
  speakUtf8,
  '$answer = @{ system = $null; drives = $null; folders = @(); fault = $null }',
  [
    'try { $answer.system = [string](Get-CimInstance -ClassName Win32_OperatingSystem -ErrorAction Stop).SystemDrive',
    '$shell = New-Object -ComObject Shell.Application',
    "$answer.drives = @(Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3' -ErrorAction Stop | ForEach-Object { $drive = $_; $disks = $null",
    'try { $disks = @(Get-CimAssociatedInstance -InputObject $drive -ResultClassName Win32_DiskPartition -ErrorAction Stop | ForEach-Object { Get-CimAssociatedInstance -InputObject $_ -ResultClassName Win32_DiskDrive -ErrorAction Stop } | ForEach-Object { @{ bus = [string]$_.InterfaceType; media = [string]$_.MediaType } }) } catch { }',
    "$folder = $shell.NameSpace($drive.DeviceID + '\\'); $value = $null; if ($null -ne $folder) { $value = $folder.Self.ExtendedProperty('System.Volume.BitLockerProtection') }",
    '@{ letter = [string]$drive.DeviceID; protection = $(if ($null -eq $value) { $null } else { [int]$value }); disks = $disks } }) } catch { $answer.fault = [string]$_.FullyQualifiedErrorId }',
  ].join('; '),
  "try { $answer.folders = @(Get-CimInstance -ClassName Win32_Volume -Filter 'DriveType=3' -ErrorAction Stop | Where-Object { $_.Name -match '^[A-Za-z]:\\\\.' } | ForEach-Object { [string]$_.Name }) } catch { }",
  'ConvertTo-Json -Compress -Depth 6 -InputObject $answer',
].join('; ');

const disk = z.object({ bus: z.string(), media: z.string() });
const drive = z.object({
  letter: z.string().regex(/^[A-Za-z]:$/),
  protection: z.int().nullable(),
  /** Null where Windows did not say what is behind the letter; empty where nothing is. */
  disks: z.array(disk).max(64).nullable(),
});

export const answerSchema = z.object({
  system: z.string().nullable(),
  drives: z.array(drive).max(26).nullable(),
  /** Volumes mounted in a folder instead of at a letter: the property does not reach them. */
  folders: z.array(z.string()).max(64),
  fault: z.string().max(1000).nullable(),
});
export type DiskAnswer = z.infer<typeof answerSchema>;
type Drive = z.infer<typeof drive>;

type VolumeReading = z.infer<typeof diskEncryption.value>['volumes'][number];

/**
 * 1 on; 2 off; 3 encrypting and 4 decrypting leave a part in the clear; 5 suspended and 8 waiting for
 * activation keep the key beside the data. 6 locked cannot be looked into; 0 and none say nothing.
 */
const protections = new Map([
  [1, true],
  [2, false],
  [3, false],
  [4, false],
  [5, false],
  [8, false],
]);

/** A drive as a volume. A letter with no disk behind it (cloud storage, a dynamic disk) is only believed when it says on. */
export function volumeOf(drive: Drive, isSystem: boolean): VolumeReading {
  const stated = (drive.protection === null ? undefined : protections.get(drive.protection)) ?? null;
  const encrypted = stated === false && !isSystem && drive.disks?.length === 0 ? null : stated;
  return { mount: drive.letter.toUpperCase(), encrypted, method: encrypted === true ? 'bitlocker' : null };
}

/** Whether all the disks behind a letter can be unplugged. Not known counts as built in. */
export function isExternal(drive: Drive): boolean {
  const disks = drive.disks ?? [];
  return (
    disks.length > 0 &&
    disks.every(({ bus, media }) => /^(?:usb|1394)$/i.test(bus) || /^(?:external|removable)/i.test(media))
  );
}
