// Read from recorded output; not run on the system itself.
import type { System } from '../system.ts';
import type { Product } from './product.ts';

/** Since macOS 15 its rules lie in the first of these; what the second holds is then what the system came with. */
const bundles = [
  '/var/protected/xprotect/XProtect.bundle/Contents/Info.plist',
  '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist',
];
const service = 'system/com.apple.XProtect.daemon.scan';
/** launchctl: "Could not find service". */
const noSuchService = 113;

/** What macOS brings itself. How old its rules may be is nothing that the Mac knows: they have no date of expiry. */
export async function readXprotect(system: System): Promise<Product | undefined> {
  const paths = await Promise.all(bundles.map((path) => system.realPath(path)));
  if (paths.every((path) => path === undefined)) return undefined;
  return { name: 'XProtect', kind: 'antivirus', running: await isRunning(system), upToDate: null };
}

/** Since macOS 15 it tells of itself; before that launchd tells whether it was handed its scanner. */
async function isRunning(system: System): Promise<boolean | null> {
  const status = await system.run('/usr/bin/xprotect', ['status']);
  if (status.outcome === 'exited') return status.code === 0 ? parseXprotectStatus(status.stdout) : null;
  if (status.outcome !== 'absent') return null;
  const scanner = await system.run('/bin/launchctl', ['print', service]);
  if (scanner.outcome !== 'exited') return null;
  if (scanner.code === noSuchService) return false;
  return scanner.code === 0 && scanner.stdout.startsWith(`${service} = {`) ? true : null;
}

/** Reads `xprotect status`: two kinds of scans, and with one of them off it does not watch everything. */
export function parseXprotectStatus(text: string): boolean | null {
  const states = ['launch', 'background'].map(
    (kind) => new RegExp(`^XProtect ${kind} scans: (enabled|disabled)$`, 'm').exec(text)?.[1],
  );
  if (states.includes('disabled')) return false;
  return states.every((state) => state === 'enabled') ? true : null;
}
