import type { Id } from '@postern/shared/ids';
import {
  pollMethod,
  pushMethod,
  type StreamConfiguration,
  type StreamStatus,
  type StreamStatusView,
  supportedSignals,
} from '@postern/shared/protocol/signal';
import { second } from '@postern/shared/time';
import type { Database } from '../storage/database.ts';

export type StreamRow = Database['ssf_streams'];

/** A receiver may ask for a verification event so often. */
export const verificationIntervalMs = 30 * second;

/** A stream as its receiver sees it. */
export function streamConfiguration(row: StreamRow, issuer: string): StreamConfiguration {
  const events = JSON.parse(row.events_requested) as string[];
  return {
    stream_id: row.id as Id<'stream'>,
    iss: issuer,
    aud: row.gateway_id,
    events_supported: [...supportedSignals],
    events_requested: events,
    events_delivered: events,
    delivery:
      row.delivery === 'push'
        ? { method: pushMethod, endpoint_url: row.endpoint ?? '' }
        : { method: pollMethod, endpoint_url: `${issuer}/ssf/poll` },
    min_verification_interval: verificationIntervalMs / second,
    ...(row.description === null ? {} : { description: row.description }),
  };
}

export function streamStatus(row: Pick<StreamRow, 'id' | 'status' | 'status_reason'>): StreamStatusView {
  return {
    stream_id: row.id as Id<'stream'>,
    status: statusOf(row),
    ...(row.status_reason === null ? {} : { reason: row.status_reason }),
  };
}

export function statusOf({ status }: Pick<StreamRow, 'status'>): StreamStatus {
  return status === 'enabled' || status === 'paused' ? status : 'disabled';
}
