// Read from recorded output; not run on the system itself.
import type { antivirus } from '@postern/shared/checks/antivirus';
import type { z } from 'zod';
import { found, type Finding } from '../finding.ts';
import { runningPrograms } from '../macos/running-programs.ts';
import { listSystemExtensions, type SystemExtension } from '../macos/system-extensions.ts';
import type { System } from '../system.ts';
import { parseHealth } from './defender.ts';
import { programProducts, watchingProducts } from './macos-products.ts';
import { readXprotect } from './macos-xprotect.ts';
import type { Product } from './product.ts';

type Antivirus = z.infer<typeof antivirus.value>;

const method = 'systemextensionsctl list; ps -axo comm=; xprotect status; mdatp health; falconctl stats';
const defenderLink = '/usr/local/bin/mdatp';
const defenderBundle = '/Applications/Microsoft Defender.app/Contents/';
const falconctl = '/Applications/Falcon.app/Contents/Resources/falconctl';

/**
 * What watches this Mac. An app or a folder that somebody left behind watches nothing, and neither does an extension
 * that waits for its permission or for its removal: what counts is an extension that is on, and its process.
 */
export async function readMacos(system: System): Promise<Finding<Antivirus>> {
  const extensions = await listSystemExtensions(system);
  if ('status' in extensions) return extensions;
  const [programs, xprotect] = await Promise.all([runningPrograms(system), readXprotect(system)]);

  const products: Product[] = xprotect === undefined ? [] : [xprotect];
  for (const { name, kind, teamId, bundleId } of watchingProducts) {
    const own = extensions.filter((extension) => extension.teamId === teamId && extension.bundleId === bundleId);
    const running = isWatching(own, bundleId, programs);
    if (running !== undefined) products.push({ name, kind, running, upToDate: null });
  }
  for (const { name, kind, program } of programProducts) {
    if ((await system.realPath(program)) === undefined) continue;
    products.push({ name, kind, running: programs?.has(program) ?? null, upToDate: null });
  }
  return found({ products: await Promise.all(products.map((product) => askProduct(system, product))) }, method);
}

/** Undefined where it is not installed, or only waits for the restart that removes it. */
function isWatching(
  extensions: readonly SystemExtension[],
  bundleId: string,
  programs: ReadonlySet<string> | undefined,
): boolean | null | undefined {
  const states = extensions.map(({ state }) => state).filter((state) => !state.startsWith('terminated '));
  if (states.length === 0) return undefined;
  if (!states.includes('activated enabled')) return false;
  if (programs === undefined) return null;
  // Only macOS writes here, so that a program of the same name somewhere else is not taken for it.
  const isOwn = new RegExp(
    `^/Library/SystemExtensions/[0-9A-F-]{36}/${bundleId.replaceAll('.', '\\.')}\\.systemextension/`,
  );
  return [...programs].some((program) => isOwn.test(program));
}

/** What a product says of itself can only make it worse than its process looks, or tell how old its lists are. */
async function askProduct(system: System, product: Product): Promise<Product> {
  if (product.name === 'Microsoft Defender') return askDefender(system, product);
  if (product.name === 'CrowdStrike Falcon' && system.uid === 0) return askFalcon(system, product);
  return product;
}

async function askDefender(system: System, product: Product): Promise<Product> {
  // The folder of the link may belong to somebody else than root; what it leads to is started only inside the app.
  const tool = await system.realPath(defenderLink);
  if (tool === undefined || !tool.startsWith(defenderBundle)) return product;
  const result = await system.run(tool, ['health', '--output', 'json']);
  const health = result.outcome === 'exited' && result.code === 0 ? parseHealth(result.stdout) : undefined;
  // What it does not say could be that it is off.
  if (health === undefined) return { ...product, running: worse(product.running, null) };
  const { kind, upToDate } = health;
  return { ...product, kind, upToDate, running: worse(product.running, health.running) };
}

/** Answers root only. */
async function askFalcon(system: System, product: Product): Promise<Product> {
  const result = await system.run(falconctl, ['stats', 'agent_info']);
  const said =
    result.outcome === 'exited' ? /^[ \t]*Sensor operational: (true|false)$/m.exec(result.stdout)?.[1] : undefined;
  return { ...product, running: said === undefined ? null : worse(product.running, said === 'true') };
}

function worse(seen: boolean | null, said: boolean | null): boolean | null {
  if (seen === false || said === false) return false;
  return seen === null ? null : said;
}
