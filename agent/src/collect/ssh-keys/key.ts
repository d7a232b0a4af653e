import type { sshKeys } from '@postern/shared/checks/ssh-keys';
import type { z } from 'zod';

export type Key = z.infer<typeof sshKeys.value>['keys'][number];
