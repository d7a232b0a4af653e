import { fileDigests } from '../../../files/digests.ts';
import { filesCollector } from '../../../files/index.ts';
import { signaturesOnLinux } from '../../../files/linux.ts';
import { signaturesOnMacos } from '../../../files/macos.ts';
import { readFiles, type SignatureReader } from '../../../files/read.ts';
import { signaturesOnWindows } from '../../../files/windows.ts';
import type { Wish } from '../../../collector.ts';
import type { System } from '../../../system.ts';
import { exited, recordedSystem, refused } from '../../recorded-system.ts';
import { onLinux, onMac, scenesOf, windowsSaying } from '../scene.ts';

/** As the collector, without hashes kept from the scene before. */
const anew = (signatures: SignatureReader) => (system: System, wish: Wish) =>
  readFiles(system, wish, fileDigests(), signatures);
const collector = {
  ...filesCollector,
  on: { linux: anew(signaturesOnLinux), macos: anew(signaturesOnMacos), windows: anew(signaturesOnWindows) },
};

const edr = '/Applications/EDR.app/Contents/MacOS/EDR';
const mac = (verified: ReturnType<typeof exited>, team = 'EQHXZ8M8AV'): System =>
  onMac({
    files: { [edr]: 'program' },
    commands: {
      [`/usr/bin/codesign --verify --strict -R=anchor apple generic ${edr}`]: verified,
      [`/usr/bin/codesign -dv ${edr}`]: exited(
        0,
        '',
        `Executable=${edr}\nIdentifier=com.example.edr\nFormat=app bundle with Mach-O universal (x86_64 arm64)\nTeamIdentifier=${team}\nSealed Resources version=2 rules=13 files=42\n`,
      ),
    },
  });

const programs = ['C:\\Program Files\\EDR\\edr.exe', 'C:\\Tools\\tool.exe'];
function windows(...statuses: string[]): System {
  const answer = JSON.stringify(statuses.map((status) => ({ status, subject: 'CN=Example Ltd, O=Example Ltd, C=CH' })));
  const files = Object.fromEntries(programs.map((path) => [path, path]));
  const saying = windowsSaying(`${answer}\r\n`);
  return { ...recordedSystem({ platform: 'windows', files }), run: (...asked) => saying.run(...asked) };
}

export const filesScenes = [
  ...scenesOf(
    collector,
    {
      'one of each': onLinux({
        files: { '/opt/edr/agent': 'program', '/opt/edr/secret': refused },
        links: { '/usr/bin/edr': '/opt/edr/agent' },
      }),
      'none of them': onLinux({}),
    },
    { targets: ['/opt/edr/agent', '/usr/bin/edr', '/opt/edr', '/opt/edr/secret', '/no'] },
  ),
  ...scenesOf(
    collector,
    {
      'macOS, signed': mac(exited(0)),
      'macOS, by nobody': mac(
        exited(3, '', `${edr}: test-requirement: code failed to satisfy specified code requirement(s)\n`),
      ),
      'macOS, broken': mac(exited(1, '', `${edr}: invalid signature (code or signature have been modified)\n`)),
      'macOS, by Apple': mac(exited(0), 'not set'),
    },
    { targets: [edr] },
  ),
  ...scenesOf(
    collector,
    {
      'Windows, signed': windows('Valid', 'Valid'),
      'Windows, one changed': windows('Valid', 'HashMismatch'),
      'Windows, one not signed': windows('NotSigned', 'Valid'),
    },
    { targets: programs },
  ),
];
