import { z } from 'zod';
import { Fault } from '@postern/shared/protocol/errors';
import type { Metrics } from '../metrics.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { denial } from './denial.ts';
import { families, type Family, misconfigured } from './families.ts';
import { createJudge, type Findings, type JudgeDeps } from './judge.ts';
import { verifyQuerySchema } from './requirements.ts';

type VerifyDeps = JudgeDeps & { metrics: Pick<Metrics, 'verified'> };

/**
 * `/verify/nginx`, `/verify/forward`, `/verify/envoy/…`: whether a gateway may let a request pass. One address for each
 * family of gateways, so that each reads only what its own gateways write. No part of the API's document, which knows
 * neither a route of all methods nor one of all paths.
 */
export function verifyRoutes(deps: VerifyDeps): AnyRoute[] {
  const judge = createJudge(deps);
  return families.map((family) => verifyRoute(family, judge, deps));
}

function verifyRoute(family: Family, judge: ReturnType<typeof createJudge>, deps: VerifyDeps): AnyRoute {
  const { config, nonces, metrics } = deps;
  const isEnvoy = family.name === 'envoy';
  const deny = (fault: Fault, asking: Parameters<NonNullable<AnyRoute['refuse']>>[1], { device }: Findings = {}) => {
    metrics.verified(family.name, fault.code);
    const about = { issuer: config.issuer, nonce: nonces.issue(asking.now) };
    return denial(fault, asking, device === undefined ? about : { ...about, device });
  };
  return defineRoute({
    method: 'ANY',
    path: family.path,
    summary: `Ask whether a request may pass: ${family.name}`,
    audience: 'open',
    rate: 'gateway',
    params: z.object({}),
    query: verifyQuerySchema,
    // Of Envoy it is the client's.
    unread: isEnvoy ? ['body', 'query'] : ['body'],
    replies: { 200: null },
    errors: [],
    refuse: (fault, asking) => deny(ownFault(fault), asking),
    async handle(request) {
      const findings: Findings = {};
      try {
        const identity = await judge(family, request, findings);
        metrics.verified(family.name, 'passed');
        return { status: 200, headers: { ...identity, 'DPoP-Nonce': nonces.issue(request.now) } };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return deny(error, request, findings);
      }
    },
  });
}

/** The address with its query is the operator's: what is wrong there, the operator must read. */
function ownFault(fault: Fault): Fault {
  const [detail] = fault.details;
  return detail !== undefined && /^query\b/.test(detail.path) ? misconfigured(detail.path, detail.message) : fault;
}
