import type { z } from 'zod';
import type { brakeDetailSchema, brakeSchema } from '@postern/shared/protocol/brake';

export type Brake = z.output<typeof brakeSchema>;
export type BrakeDetail = z.output<typeof brakeDetailSchema>;
