import type { z } from 'zod';
import type { enrollmentTokenSchema } from '@postern/shared/protocol/admin';

export type EnrollmentToken = z.output<typeof enrollmentTokenSchema>;
