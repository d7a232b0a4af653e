import type { systemIntegrity } from '@postern/shared/checks/system-integrity';
import type { z } from 'zod';

export type Protection = z.infer<typeof systemIntegrity.value>['protections'][number];
