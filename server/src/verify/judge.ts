import { Fault } from '@postern/shared/protocol/errors';
import type { Instant } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { createKnownGateways, type Recognised } from '../gateways/index.ts';
import type { Request } from '../http/route.ts';
import { createPresentedTokens } from '../tokens/index.ts';
import { type AskedRequest, type Family, misconfigured } from './families.ts';
import { gatewayHeader, readGatewayHeader } from './gateway-header.ts';
import { identityOf, type OwnedHeaders } from './owned-headers.ts';
import { checkRequirements, type VerifyQuery } from './requirements.ts';

export type JudgeDeps = Pick<Deps, 'config' | 'store' | 'policies' | 'signingKeys' | 'nonces' | 'anonymousRefusals'>;

export type Asking = Pick<Request<unknown, VerifyQuery, unknown>, 'header' | 'method' | 'url' | 'query' | 'now'>;

/** What became known on the way, for the answer to a refusal. */
export interface Findings {
  /** Name of the device, once its key was shown. */
  device?: string | undefined;
}

/** Whether the request that a gateway asks about may pass, and as whom. */
export function createJudge(deps: JudgeDeps) {
  const { config, store } = deps;
  const gateways = createKnownGateways(store);
  const tokens = createPresentedTokens(deps);

  async function recognise(asking: Asking): Promise<Recognised> {
    return asGatewayRefusal(asking.now, () => gateways.recognise(readGatewayHeader(asking.header(gatewayHeader))));
  }

  /** Not the caller's doing, but the gateway's: it has nothing to do with the client's credentials. */
  async function asGatewayRefusal<Result>(now: Instant, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'client_authentication_failed') throw error;
      await recordRefusal(deps, now);
      throw new Fault('gateway_refused', { cause: error });
    }
  }

  /** @throws Fault why it may not pass */
  return async (family: Family, asking: Asking, findings: Findings): Promise<OwnedHeaders> => {
    const { header, query, now } = asking;
    const gateway = await recognise(asking);
    const asked = family.read({ ...asking, path: asking.url.slice(config.issuer.length) });
    const resource = resourceOf(gateway, query.resource, asked);
    const presented = await tokens.judge({
      method: asked.method,
      url: asked.url,
      authorization: header('authorization'),
      proof: header('dpop'),
      resource,
      now,
    });
    const { claims, state } = presented;
    await asGatewayRefusal(now, () => gateways.confirm(gateway, state.gatewayEpoch));
    findings.device = state.live ? state.facts.name : state.refused?.facts.name;
    const admitted = tokens.admit(presented, now);
    checkRequirements(query, claims, admitted, now);
    return identityOf(claims, admitted);
  };
}

/**
 * The gateway's only resource, or the one of its own that its operator wrote into the address. What the proxy copied there
 * from the client's own query chooses nothing: then clients would choose what they are judged for.
 */
function resourceOf({ resources }: Recognised, named: string | undefined, { query }: AskedRequest): string {
  const [only] = resources;
  if (named === undefined) {
    if (resources.length === 1 && only !== undefined) return only;
    throw misconfigured('query.resource', 'must say which resource of this gateway it is');
  }
  if (!resources.includes(named)) throw misconfigured('query.resource', 'is not a resource of this gateway');
  if (resources.length > 1 && new URLSearchParams(query).getAll('resource').includes(named))
    throw misconfigured('query.resource', 'is in the query of the client too: it cannot be told whose it is');
  return named;
}

async function recordRefusal({ store, anonymousRefusals }: JudgeDeps, now: Instant): Promise<void> {
  const audit = anonymousRefusals.record(
    'gateway_refused',
    {
      at: now,
      type: 'gateway.refused',
      outcome: 'failure',
      actor: { kind: 'anonymous', id: null },
      subject: null,
      data: { code: 'gateway_refused' },
    },
    now,
  );
  if (audit.length > 0) await store.commit({ changes: [], audit });
}
