import type { z } from 'zod';
import type { resourceSchema } from '@postern/shared/protocol/resource';

export type Resource = z.output<typeof resourceSchema>;
