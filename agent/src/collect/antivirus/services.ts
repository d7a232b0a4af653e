import type { Processes } from '../processes.ts';
import type { System } from '../system.ts';
import { isRunning, type Product } from './product.ts';

interface Service {
  name: string;
  kind: 'antivirus' | 'edr';
  /** What its package brings. Some of these folders are closed to everybody but root. */
  program: string;
  unit: string;
  /** Its processes, in the first fifteen characters that the kernel keeps. */
  processes: readonly string[];
}

/** What says of itself only that it is there and whether it runs. */
const services: readonly Service[] = [
  {
    name: 'SentinelOne',
    kind: 'edr',
    program: '/opt/sentinelone/bin/sentinelctl',
    unit: 'sentinelone.service',
    processes: ['s1-agent', 's1-orchestrator', 's1-orchestrato'],
  },
  {
    name: 'Sophos',
    kind: 'edr',
    program: '/opt/sophos-spl/bin/wdctl',
    unit: 'sophos-spl.service',
    processes: ['sophos_watchdog'],
  },
  {
    name: 'Elastic Defend',
    kind: 'edr',
    program: '/opt/Elastic/Endpoint/elastic-endpoint',
    unit: 'ElasticEndpoint.service',
    processes: ['elastic-endpoin'],
  },
  {
    name: 'Carbon Black',
    kind: 'edr',
    program: '/opt/carbonblack/psc/bin/cbagentd',
    unit: 'cbagentd.service',
    processes: ['cbagentd'],
  },
  {
    name: 'Cortex XDR',
    kind: 'edr',
    program: '/opt/traps/bin/cytool',
    unit: 'traps_pmd.service',
    processes: ['pmd'],
  },
  {
    name: 'Trend Micro',
    kind: 'edr',
    program: '/opt/ds_agent/ds_agent',
    unit: 'ds_agent.service',
    processes: ['ds_agent'],
  },
  {
    name: 'Bitdefender',
    kind: 'edr',
    program: '/opt/bitdefender-security-tools/bin/bdsecd',
    unit: 'bdsec.service',
    processes: ['bdsecd'],
  },
  {
    name: 'ESET',
    kind: 'antivirus',
    program: '/opt/eset/eea/bin/odscan',
    unit: 'eea.service',
    processes: ['oaeventd', 'odfeeder'],
  },
  {
    name: 'Kaspersky',
    kind: 'antivirus',
    program: '/opt/kaspersky/kesl/bin/kesl-control',
    unit: 'kesl.service',
    processes: ['kesl'],
  },
  {
    name: 'Wazuh',
    kind: 'edr',
    program: '/var/ossec/bin/wazuh-agentd',
    unit: 'wazuh-agent.service',
    processes: ['wazuh-agentd'],
  },
];

const unitFolders = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

/** Each by its program or, where its folder is closed, by its process: a service file alone stays behind after a removal. */
export async function readServices(system: System, processes: () => Promise<Processes>): Promise<Product[]> {
  const units = new Set(
    (await Promise.all(unitFolders.map((folder) => system.list(folder)))).flatMap((names) => names ?? []),
  );
  const products = await Promise.all(
    services.map(async ({ name, kind, program, unit, processes: own }): Promise<Product[]> => {
      const isInstalled = (await system.realPath(program)) !== undefined;
      if (!isInstalled && !units.has(unit)) return [];
      const running = isRunning(await processes(), own);
      return isInstalled || running === true ? [{ name, kind, running, upToDate: null }] : [];
    }),
  );
  return products.flat();
}
