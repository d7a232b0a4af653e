import type { z } from 'zod';
import type { gatewaySchema } from '@postern/shared/protocol/admin';

export type Gateway = z.output<typeof gatewaySchema>;

export const gatewaysPath = '/v1/admin/gateways';
export const streamsPath = '/v1/admin/streams';
