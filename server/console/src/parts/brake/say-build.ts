import type { BrakeView } from '@postern/shared/protocol/brake';
import { t } from '../../strings/index.ts';

/** "macOS 25H45". */
export function sayBuild({ platform, build }: Pick<BrakeView, 'platform' | 'build'>): string {
  return `${t.devices.values.platform[platform]} ${build}`;
}
