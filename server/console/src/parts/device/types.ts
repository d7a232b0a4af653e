import type { z } from 'zod';
import type { deviceDetailSchema, deviceSummarySchema } from '@postern/shared/protocol/admin';

export type DeviceSummary = z.output<typeof deviceSummarySchema>;
export type DeviceDetail = z.output<typeof deviceDetailSchema>;
