import { sha256 } from '@postern/shared/digest';
import type { Instant } from '@postern/shared/time';
import type { Actor } from '../audit/event.ts';
import { insert } from '../storage/change.ts';
import type { Unit } from '../storage/store.ts';

interface NewGateway {
  id: string;
  name: string;
  resources: readonly string[];
  /** 256 bits. Only its hash is stored: against so much chance, a slow hash would add nothing. */
  secret: string;
}

export function gatewayCreation({ id, name, resources, secret }: NewGateway, actor: Actor, now: Instant): Unit {
  return {
    changes: [
      insert('gateways', {
        id,
        name,
        secret_hash: sha256(secret),
        resources: JSON.stringify(resources),
        created_at: now,
        removed_at: null,
      }),
    ],
    audit: [
      {
        at: now,
        type: 'gateway.created',
        outcome: 'success',
        actor,
        subject: { kind: 'gateway', id },
        data: { name, resources: [...resources] },
      },
    ],
  };
}
