import { attestationClaimsSchema } from '@postern/shared/protocol/attestation';
import { keyProofClaimsSchema } from '@postern/shared/protocol/enrollment';
import { policyDocumentSchema } from '@postern/shared/protocol/policy';
import { releaseFeedSchema } from '@postern/shared/protocol/release-feed';
import { accessTokenClaimsSchema, clientAttestationClaimsSchema } from '@postern/shared/protocol/token';
import { hour, minute, second } from '@postern/shared/time';
import { attestationRoutes, thinAttestations } from './attestation/index.ts';
import { analyticsJobs, analyticsRoutes } from './analytics/index.ts';
import { auditJobs, auditRoutes } from './audit/index.ts';
import { brakeRoutes, forgetFlips, watchBrakes } from './brakes/index.ts';
import { deviceRoutes } from './devices/index.ts';
import { enrollmentRoutes, sweepEnrollments } from './enrollment/index.ts';
import {
  endedByEvidence,
  ensureDefaultTemplates,
  exceptionRoutes,
  sweepExceptions,
  viewExceptions,
} from './exceptions/index.ts';
import { createGatewayAuthenticator, gatewayRoutes } from './gateways/index.ts';
import { createHandler, type Handler } from './http/adapter.ts';
import type { Authenticators } from './http/authenticators.ts';
import { consolePages } from './http/console-pages.ts';
import { healthRoutes } from './http/health.ts';
import { describeRoutes, openApiRoute } from './http/openapi.ts';
import type { AnyRoute } from './http/route.ts';
import { createPersonAuthenticator, ensureFirstAdmin, identityRoutes } from './identity/index.ts';
import type { Job } from './jobs.ts';
import { createLive, liveRoutes } from './live/index.ts';
import type { OpenDeps } from './open-deps.ts';
import { beginToTell, notifyJobs, notifyRoutes } from './notify/index.ts';
import { overviewJobs, overviewRoutes } from './overview/index.ts';
import { ensureDefaultPolicy, policyRoutes, policySchemaRoute } from './policy/index.ts';
import { createReplays, failLeftReplays, replayRoutes } from './replay/index.ts';
import { feedJobs, releaseRoutes } from './releases/index.ts';
import { reviewsJobs, reviewsRoutes } from './reviews/index.ts';
import {
  beginToSignal,
  createReceiverAuthenticator,
  createSignaller,
  followedTypes,
  signalRoutes,
} from './signals/index.ts';
import { searchRoutes } from './search/index.ts';
import { settingsRoutes } from './settings/index.ts';
import { stepUpRoutes } from './step-up/index.ts';
import { cleanUp, createDeviceAuthenticator, keyJobs, tokenRoutes } from './tokens/index.ts';
import { verifyRoutes } from './verify/index.ts';
import { viewRoutes } from './views/index.ts';
import { version } from './version.ts';

export interface App {
  /** The API: what the OpenAPI document describes. */
  routes: readonly AnyRoute[];
  handler: Handler;
  jobs: readonly Job[];
  /** Ends what runs beside the requests, before the store is closed. */
  stop(): Promise<void>;
}

/** Documents that are signed or uploaded, and so appear in no answer. */
const components = {
  AttestationClaims: attestationClaimsSchema,
  KeyProofClaims: keyProofClaimsSchema,
  AccessTokenClaims: accessTokenClaimsSchema,
  ClientAttestationClaims: clientAttestationClaimsSchema,
  PolicyDocument: policyDocumentSchema,
  ReleaseFeed: releaseFeedSchema,
};

const exceptionsShown = 200;

/** The only wiring: which capability gets what, and all routes and jobs in one list each. */
export function buildApp(deps: OpenDeps, isStopping: () => boolean): App {
  const { config, store, clock, log, metrics } = deps;
  const ready = async () => {
    await store.check();
    if (deps.signingKeys.jwks().keys.length === 0) throw new Error('there is no signing key');
  };
  const replays = createReplays(deps);
  const signaller = createSignaller(deps);
  deps.commitNews.on(followedTypes, () => signaller.wake());
  deps.commitNews.onEvidence((deviceId) => signaller.hasReported(deviceId));
  const live = createLive(deps);
  deps.commitNews.onUnit((unit) => live.committed(unit));
  const authenticatePerson = createPersonAuthenticator(deps);
  const routes: AnyRoute[] = [
    ...tokenRoutes(deps),
    ...attestationRoutes({ ...deps, exceptionEffects: endedByEvidence }),
    ...enrollmentRoutes(deps),
    ...deviceRoutes({
      ...deps,
      exceptionViews: (deviceId, now) => viewExceptions(deps, { deviceId, ofOwner: true, limit: exceptionsShown }, now),
    }),
    ...exceptionRoutes(deps),
    ...stepUpRoutes(deps),
    ...reviewsRoutes(deps),
    ...analyticsRoutes(deps),
    ...overviewRoutes(deps),
    ...notifyRoutes(deps),
    ...signalRoutes({ ...deps, signaller }),
    ...policyRoutes(deps),
    policySchemaRoute(),
    ...replayRoutes({ ...deps, replays }),
    ...releaseRoutes(deps),
    ...brakeRoutes(deps),
    ...gatewayRoutes(deps),
    ...identityRoutes(deps),
    ...liveRoutes({ ...deps, live, authenticatePerson }),
    ...viewRoutes(deps),
    ...searchRoutes(deps),
    ...settingsRoutes({ ...deps, ready, startedAt: clock.now() }),
    ...auditRoutes(deps),
    ...healthRoutes({ config, ready, isStopping, metrics }),
    openApiRoute(() => openApiDocument(routes, config.issuer)),
  ];
  const authenticators: Authenticators = {
    person: authenticatePerson,
    device: createDeviceAuthenticator(deps),
    gateway: createReceiverAuthenticator(deps, createGatewayAuthenticator(deps)),
  };
  const handler = createHandler({
    ...deps,
    routes: [...verifyRoutes(deps), ...routes, ...consolePages(config.issuer, deps.random)],
    authenticators,
    issueNonce: () => deps.nonces.issue(clock.now()),
  });
  const notify = notifyJobs(deps);
  const jobs: Job[] = [
    {
      name: 'announce ended exceptions',
      everyMs: second,
      run: async () => void (await sweepExceptions(deps, clock.now())),
    },
    { name: 'watch for doubtful checks', everyMs: 5 * second, run: () => watchBrakes(deps, clock.now()) },
    { name: 'forget old changes', everyMs: hour, run: () => forgetFlips(deps, clock.now()) },
    ...feedJobs(deps),
    ...auditJobs(deps),
    ...reviewsJobs(deps),
    ...analyticsJobs(deps),
    ...overviewJobs(deps),
    ...notify.jobs,
    ...signaller.jobs,
    { name: 'give up dead replays', everyMs: minute, run: () => failLeftReplays(deps.store, clock.now()) },
    { name: 'forget old proofs', everyMs: minute, run: async () => void (await cleanUp(deps, clock.now())) },
    { name: 'forget ended enrollments', everyMs: hour, run: () => sweepEnrollments(deps, clock.now()) },
    ...keyJobs(deps),
    { name: 'thin attestations', everyMs: hour, run: async () => void (await thinAttestations(deps, clock.now())) },
  ];
  log.debug({ routes: routes.length, jobs: jobs.length }, 'wired');
  const stop = async () => {
    await Promise.all([live.stop(), replays.stop(), notify.stop(), signaller.stop()]);
  };
  return { routes, handler, jobs, stop };
}

/** The document of `GET /v1/openapi.json`. */
export function openApiDocument(routes: readonly AnyRoute[], issuer: string) {
  return describeRoutes(routes, { issuer, version, components });
}

/** What a new database needs before it is of use. Safe on every start, and on several nodes at once. */
export async function prepare(deps: OpenDeps): Promise<{ firstAdminId: string | undefined }> {
  const admin = await ensureFirstAdmin(deps, deps.clock.now());
  await ensureDefaultPolicy(deps.store, deps.clock.now());
  await ensureDefaultTemplates(deps.store, deps.clock.now());
  await beginToTell(deps);
  await beginToSignal(deps);
  return { firstAdminId: admin?.id };
}
