import { processesCollector } from '../../../processes/index.ts';
import type { System } from '../../../system.ts';
import { refused, type Recording } from '../../recorded-system.ts';
import { onLinux, onMac, scenesOf, windowsSaying } from '../scene.ts';

const agent = '/opt/edr/agent';
const at = (identity: string) =>
  ({ outcome: 'found', kind: 'file', sizeBytes: 1, identity, version: identity }) as const;
const linux = (
  target: string | typeof refused,
  identity: string,
  mounts = 'mnt:[1]',
  files: Recording['files'] = {},
): System =>
  onLinux({
    dirs: { '/proc': ['1', '12', 'self', 'uptime'] },
    rawLinks: {
      '/proc/1/exe': '/usr/lib/systemd/systemd',
      '/proc/self/ns/mnt': 'mnt:[1]',
      '/proc/12/exe': target,
      '/proc/12/ns/mnt': mounts,
    },
    entries: { [agent]: at('disk:7'), '/proc/12/exe': at(identity) },
    files: { [agent]: 'program', ...files },
  });

const edr = '/Library/Application Support/EDR/edrd';
const mac = (line: string, lsof = ''): System =>
  onMac({
    commands: {
      '/bin/ps -axo pid=,uid=,comm=': `    1     0 /sbin/launchd\n  312     0 /usr/libexec/logd\n${line}\n`,
      '/usr/sbin/lsof -n -P -w -a -p 400 -d txt -F n': lsof,
    },
  });

const windows = (paths: string[], hidden = ['csrss']): System =>
  windowsSaying(`${JSON.stringify({ paths, hidden })}\r\n`);
const explorer = 'C:\\Windows\\explorer.exe';
const program = 'C:\\Program Files\\EDR\\edr.exe';

export const processesScenes = [
  ...scenesOf(
    processesCollector,
    {
      runs: linux(agent, 'disk:7'),
      'another one runs': linux('/usr/bin/other', 'disk:8'),
      'in a container': linux(agent, 'overlay:7', 'mnt:[2]'),
      replaced: linux(`${agent} (deleted)`, 'disk:6'),
      'a thread of the kernel': linux(refused, 'x', 'mnt:[1]', {
        '/proc/12/stat': '12 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0\n',
      }),
      'of another person': linux(refused, 'x', 'mnt:[1]', {
        '/proc/12/stat': '12 (a b) c) S 1 12 12 0 -1 4194560 1 2\n',
      }),
    },
    { targets: [agent] },
  ),
  ...scenesOf(
    processesCollector,
    {
      'macOS, of the system': mac(`  400     0 ${edr}`),
      'macOS, of one’s own': mac(`  400   501 ${edr}`, `p400\nftxt\nn${edr}\nftxt\nn/usr/lib/dyld\n`),
      'macOS, dressed up': mac(`  400   501 ${edr}`, 'p400\nftxt\nn/bin/sleep\nftxt\nn/usr/lib/dyld\n'),
      'macOS, not running': mac('  400   501 /bin/zsh', 'p400\nftxt\nn/bin/zsh\n'),
    },
    { targets: [edr] },
  ),
  ...scenesOf(
    processesCollector,
    {
      'Windows, runs': windows([explorer, program]),
      'Windows, does not': windows([explorer]),
      'Windows, hidden': windows([explorer], ['csrss', 'edr']),
    },
    { targets: [program] },
  ),
];
