import type { Product } from './product.ts';

interface WatchingProduct {
  name: string;
  kind: NonNullable<Product['kind']>;
  /** Its maker, whom Apple vouches for. Another one's extension of the same name is not it. */
  teamId: string;
  bundleId: string;
}

/** Products that watch through a system extension, which macOS starts and which only its maker can sign. */
export const watchingProducts: readonly WatchingProduct[] = [
  { name: 'CrowdStrike Falcon', kind: 'edr', teamId: 'X9E956P446', bundleId: 'com.crowdstrike.falcon.Agent' },
  { name: 'Microsoft Defender', kind: 'antivirus', teamId: 'UBF8T346G9', bundleId: 'com.microsoft.wdav.epsext' },
  { name: 'Jamf Protect', kind: 'edr', teamId: '483DWKW443', bundleId: 'com.jamf.protect.security-extension' },
  { name: 'Sophos', kind: 'edr', teamId: '2H5GFH3774', bundleId: 'com.sophos.endpoint.scanextension' },
  { name: 'Cortex XDR', kind: 'edr', teamId: 'PXPZ95SK77', bundleId: 'com.paloaltonetworks.traps.securityextension' },
  {
    name: 'Carbon Black',
    kind: 'edr',
    teamId: '7AGZNQ2S2T',
    bundleId: 'com.vmware.carbonblack.cloud.se-agent.extension',
  },
  { name: 'Elastic Defend', kind: 'edr', teamId: '2BT3HPN62Z', bundleId: 'co.elastic.systemextension' },
  { name: 'Trend Micro', kind: 'edr', teamId: 'E8P47U2H32', bundleId: 'com.trendmicro.icore.es' },
  { name: 'ESET', kind: 'antivirus', teamId: 'P8DQRXPVLP', bundleId: 'com.eset.endpoint' },
  { name: 'Trellix', kind: 'antivirus', teamId: 'GT8P3H7SPW', bundleId: 'com.mcafee.CMF.systemextension' },
];

interface ProgramProduct {
  name: string;
  kind: NonNullable<Product['kind']>;
  program: string;
}

/** Products that are a program of root's, in a folder that only root can write. */
export const programProducts: readonly ProgramProduct[] = [
  {
    name: 'SentinelOne',
    kind: 'edr',
    program: '/Library/Sentinel/sentinel-agent.bundle/Contents/MacOS/sentineld',
  },
];
