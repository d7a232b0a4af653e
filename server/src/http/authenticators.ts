import type { Audience, Request } from './route.ts';
import type { Caller, DeviceCaller, GatewayCaller, PersonCaller } from './caller.ts';

/** What a caller shows of themselves: all that authenticating may look at. */
export type Presented = Pick<Request<unknown, unknown, unknown>, 'header' | 'method' | 'url' | 'remoteAddress' | 'now'>;

/** One per audience. Each resolves with the caller or throws the Fault that says why not. */
export interface Authenticators {
  person(presented: Presented): Promise<PersonCaller>;
  device(presented: Presented): Promise<DeviceCaller>;
  gateway(presented: Presented): Promise<GatewayCaller>;
}

export async function authenticate(
  authenticators: Authenticators,
  audience: Audience,
  presented: Presented,
): Promise<Caller> {
  switch (audience) {
    case 'open':
      return { kind: 'anonymous' };
    case 'person':
      return authenticators.person(presented);
    case 'device':
      return authenticators.device(presented);
    case 'gateway':
      return authenticators.gateway(presented);
  }
}
