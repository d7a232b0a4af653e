import { diskFreeCollector } from '../../../disk-free/index.ts';
import { uptimeCollector } from '../../../uptime/index.ts';
import { recordedSystem } from '../../recorded-system.ts';
import { onLinux, onMac, scenesOf } from '../scene.ts';

const gibibyte = 1024 ** 3;
const roomy = { sizeBytes: 500 * gibibyte, freeBytes: 200 * gibibyte };
const full = { sizeBytes: 250 * gibibyte, freeBytes: gibibyte };

export const diskFreeScenes = scenesOf(diskFreeCollector, {
  roomy: onLinux({ diskSpace: { '/': roomy } }),
  full: onLinux({ diskSpace: { '/': full } }),
  'an image': onLinux({
    files: { '/run/ostree-booted': '' },
    diskSpace: { '/sysroot': roomy, '/': { sizeBytes: 1, freeBytes: 0 } },
  }),
  'macOS, roomy': onMac({ diskSpace: { '/': roomy } }),
  'macOS, full': onMac({ diskSpace: { '/': full } }),
  'Windows, roomy': recordedSystem({ platform: 'windows', diskSpace: { 'C:\\': roomy } }),
  'Windows, full': recordedSystem({ platform: 'windows', diskSpace: { 'C:\\': full } }),
});

const stat = (btime: number) => `cpu  1 2 3\ncpu0 1 2 3\nintr 1 2\nctxt 9\nbtime ${btime}\nprocesses 9\nsoftirq 1 2\n`;

export const uptimeScenes = scenesOf(uptimeCollector, {
  'since yesterday': onLinux({
    files: { '/proc/stat': stat(Date.UTC(2026, 10, 20, 8, 15) / 1000) },
    uptimeSeconds: 90_900,
  }),
  'since last year': onLinux({
    files: { '/proc/stat': stat(Date.UTC(2025, 10, 20, 8, 15) / 1000) },
    uptimeSeconds: 31_626_900,
  }),
  'without /proc': onLinux({ uptimeSeconds: 86_400 }),
  'macOS, an hour': onMac({ uptimeSeconds: 3600 }),
  'macOS, a month': onMac({ uptimeSeconds: 30 * 86_400 }),
  'Windows, an hour': recordedSystem({ platform: 'windows', uptimeSeconds: 3600 }),
  'Windows, a month': recordedSystem({ platform: 'windows', uptimeSeconds: 30 * 86_400 }),
});
