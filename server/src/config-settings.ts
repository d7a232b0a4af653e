import { BlockList, isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { day, durationSchema, hour, minute, parseDuration } from '@postern/shared/time';
import { writtenProvidersSchema } from './config-providers.ts';
import type { RateClass } from './http/route.ts';

/** One thing that can be configured: its names, what it may be, and what it is when nobody says. */
export interface Setting<Value> {
  /** Name in the environment. */
  variable: string;
  /** Place in the YAML file. */
  file: string;
  schema: z.ZodType<Value>;
  /** What would be right, for whoever wrote something else. */
  expects: string;
  fallback: Value;
}

function setting<Value>(
  variable: string,
  file: string,
  schema: z.ZodType<Value>,
  expects: string,
  fallback: Value,
): Setting<Value> {
  return { variable, file, schema, expects, fallback };
}

const line = z.string().min(1).max(4096);

const wholeNumber = (min: number, max: number) =>
  z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max));

const lasting = (min: number, max: number) =>
  durationSchema.transform((text) => parseDuration(text) ?? 0).pipe(z.int().min(min).max(max));

const yesOrNo = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const list = z.union([
  z.array(z.string()),
  z.string().transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]);
const addressList = list.refine((each) => each.every(isAddressOrRange));
const hostList = list.refine((each) => each.every((host) => /^[\w.:[\]-]{1,253}$/.test(host)));

const issuer = z.string().max(512).refine(isIssuer);

// Per minute and address. One address may be an office behind NAT, so these stop floods, not fleets.
const perMinute: Record<RateClass, number> = {
  discovery: 1200,
  // A screen is dozens of files, and after an update everybody in an office fetches all of them at once.
  console: 60_000,
  challenge: 1200,
  enrollment: 120,
  attestation: 1200,
  token: 3000,
  gateway: 60_000,
  device: 1200,
  'sign-in': 30,
  admin: 3000,
};

function limit(rate: RateClass): Setting<number> {
  const variable = `POSTERN_LIMIT_${rate.toUpperCase().replace('-', '_')}`;
  return setting(
    variable,
    `limits.${rate.replace('-', '_')}`,
    wholeNumber(1, 100_000_000),
    'calls a minute and address, 1 or more',
    perMinute[rate],
  );
}

/** The one list of what can be configured. A name that is not in it is a fault, because it is most likely a typing error. */
export const settings = {
  host: setting(
    'POSTERN_HOST',
    'host',
    line.max(253),
    'an address or host name to listen on, such as 127.0.0.1',
    '127.0.0.1',
  ),
  port: setting('POSTERN_PORT', 'port', wholeNumber(0, 65_535), 'a port, 0 to 65535', 7420),
  issuer: setting<string | undefined>(
    'POSTERN_ISSUER',
    'issuer',
    issuer,
    'an https origin, such as https://trust.example.com, without a slash at the end',
    undefined,
  ),
  data: setting(
    'POSTERN_DATA',
    'data',
    line.transform((folder) => path.resolve(folder)),
    'a folder',
    path.resolve('data'),
  ),
  databaseUrl: setting<string | undefined>(
    'POSTERN_DATABASE_URL',
    'database_url',
    line.regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/),
    'sqlite:/path/to/file.db or postgres://user@host/database',
    undefined,
  ),
  tlsCert: setting<string | undefined>(
    'POSTERN_TLS_CERT',
    'tls.cert',
    line,
    'a file with the certificate chain, PEM',
    undefined,
  ),
  tlsKey: setting<string | undefined>(
    'POSTERN_TLS_KEY',
    'tls.key',
    line,
    'a file with the private key, PEM',
    undefined,
  ),
  trustedProxies: setting<readonly string[]>(
    'POSTERN_TRUSTED_PROXIES',
    'trusted_proxies',
    addressList,
    'addresses or ranges of proxies, such as 10.0.0.5 or 10.0.0.0/24, separated by commas',
    [],
  ),
  metricsFor: setting(
    'POSTERN_METRICS_FOR',
    'metrics_for',
    z.enum(['loopback', 'everyone']),
    'loopback or everyone',
    'loopback',
  ),
  logLevel: setting(
    'POSTERN_LOG',
    'log',
    z.enum(['silent', 'error', 'warn', 'info', 'debug']),
    'silent, error, warn, info or debug',
    'info',
  ),
  masterSecret: setting<string | undefined>(
    'POSTERN_MASTER_SECRET',
    'master_secret',
    z.string().regex(/^[\w-]{43}$/),
    '32 random bytes in base64url (43 characters), as from: openssl rand -base64 32 | tr +/ -_ | tr -d =',
    undefined,
  ),
  attestEveryMs: setting(
    'POSTERN_ATTEST_EVERY',
    'attest_every',
    lasting(minute, day),
    'a duration from 1m to 1d',
    15 * minute,
  ),
  exceptionPendingMs: setting(
    'POSTERN_EXCEPTION_PENDING',
    'exception_pending',
    lasting(minute, 90 * day),
    'a duration from 1m to 90d',
    day,
  ),
  keepAttestationsMs: setting(
    'POSTERN_KEEP_ATTESTATIONS',
    'keep_attestations',
    lasting(hour, 3650 * day),
    'a duration from 1h to 3650d',
    30 * day,
  ),
  signingKeyLifeMs: setting(
    'POSTERN_SIGNING_KEY_LIFE',
    'signing_key_life',
    lasting(hour, 365 * day),
    'a duration from 1h to 365d',
    30 * day,
  ),
  signingKeyAheadMs: setting(
    'POSTERN_SIGNING_KEY_AHEAD',
    'signing_key_ahead',
    lasting(minute, 30 * day),
    'a duration from 1m to 30d',
    day,
  ),
  signalAlg: setting(
    'POSTERN_SIGNAL_ALG',
    'signal_alg',
    z.enum(['RS256', 'ES256', 'PS256']),
    'RS256, ES256 or PS256',
    'RS256',
  ),
  oidcIssuer: setting<string | undefined>(
    'POSTERN_OIDC_ISSUER',
    'oidc.issuer',
    z.string().max(512).refine(isIdentityProvider),
    'the https address of an OpenID provider, exactly as its ID tokens name it',
    undefined,
  ),
  oidcClientId: setting<string | undefined>(
    'POSTERN_OIDC_CLIENT_ID',
    'oidc.client_id',
    line.max(256),
    'the client id at that provider whose ID tokens are taken',
    undefined,
  ),
  signInProviders: setting<z.output<typeof writtenProvidersSchema>>(
    'POSTERN_SIGN_IN_PROVIDERS',
    'sign_in.providers',
    writtenProvidersSchema,
    'a list of OpenID providers, as docs/sign-in.md has it (in the environment: as JSON)',
    [],
  ),
  passwords: setting('POSTERN_PASSWORDS', 'sign_in.passwords', yesOrNo, 'true or false', true),
  passwordAlone: setting(
    'POSTERN_PASSWORD_ALONE',
    'sign_in.password_alone',
    z.enum(['nobody', 'employees', 'everybody']),
    'nobody, employees (who have no other role) or everybody',
    'employees',
  ),
  sessionLifeMs: setting(
    'POSTERN_SESSION_LIFE',
    'sign_in.session_life',
    lasting(5 * minute, 30 * day),
    'a duration from 5m to 30d',
    12 * hour,
  ),
  sessionIdleMs: setting(
    'POSTERN_SESSION_IDLE',
    'sign_in.session_idle',
    lasting(5 * minute, 30 * day),
    'a duration from 5m to 30d',
    2 * hour,
  ),
  limitDiscovery: limit('discovery'),
  limitConsole: limit('console'),
  limitChallenge: limit('challenge'),
  limitEnrollment: limit('enrollment'),
  limitAttestation: limit('attestation'),
  limitToken: limit('token'),
  limitGateway: limit('gateway'),
  limitDevice: limit('device'),
  limitSignIn: limit('sign-in'),
  limitAdmin: limit('admin'),
  limitAttestationsPerDevice: setting(
    'POSTERN_LIMIT_ATTESTATIONS_PER_DEVICE',
    'limits.attestations_per_device',
    wholeNumber(1, 100_000_000),
    'attestations a minute and device, 1 or more',
    60,
  ),
  deviceFlowPending: setting(
    'POSTERN_DEVICE_FLOW_PENDING',
    'device_flow_pending',
    yesOrNo,
    'true (devices enrolled by device code wait for an admin) or false',
    false,
  ),
  hardwareIdentifiers: setting(
    'POSTERN_HARDWARE_IDENTIFIERS',
    'hardware_identifiers',
    z.enum(['plain', 'keyed', 'off']),
    'plain, keyed (devices send them as keyed hashes) or off (only where a policy asks for them)',
    'plain',
  ),
  brakeDevices: setting(
    'POSTERN_BRAKE_DEVICES',
    'brake.devices',
    wholeNumber(2, 1_000_000),
    'how many devices of one build must change, 2 or more',
    5,
  ),
  brakeSharePercent: setting(
    'POSTERN_BRAKE_SHARE',
    'brake.share',
    wholeNumber(1, 100),
    'which percentage of the devices of that build, 1 to 100',
    20,
  ),
  brakeWindowMs: setting(
    'POSTERN_BRAKE_WINDOW',
    'brake.window',
    lasting(minute, day),
    'a duration from 1m to 1d',
    15 * minute,
  ),
  brakeHoldMs: setting('POSTERN_BRAKE_HOLD', 'brake.hold', lasting(hour, 7 * day), 'a duration from 1h to 7d', day),
  feedKeys: setting<string | undefined>(
    'POSTERN_FEED_KEYS',
    'feed.keys',
    line,
    'a file with the public keys (JWK Set) that may sign release feeds',
    undefined,
  ),
  feedFrom: setting<string | undefined>(
    'POSTERN_FEED_FROM',
    'feed.from',
    line.max(2048),
    'an https address or a file with a signed release feed',
    undefined,
  ),
  feedEveryMs: setting('POSTERN_FEED_EVERY', 'feed.every', lasting(minute, 30 * day), 'a duration from 1m to 30d', day),
  mailServer: setting<string | undefined>(
    'POSTERN_MAIL_SERVER',
    'mail.server',
    line.regex(/^smtps?:\/\/[^\s]+$/),
    'smtps://user:password@host:465 or smtp://host:587',
    undefined,
  ),
  mailFrom: setting<string | undefined>(
    'POSTERN_MAIL_FROM',
    'mail.from',
    z.email().max(254),
    'the e-mail address that Postern writes from',
    undefined,
  ),
  webhookHosts: setting<readonly string[]>(
    'POSTERN_WEBHOOK_HOSTS',
    'webhooks.hosts',
    hostList,
    'host names inside of this network that webhooks may go to, separated by commas',
    [],
  ),
  pollWaitMs: setting('POSTERN_POLL_WAIT', 'signals.poll_wait', lasting(0, minute), 'a duration from 0s to 1m', 30_000),
  reviewEveryMs: setting(
    'POSTERN_REVIEW_EVERY',
    'reviews.every',
    lasting(day, 365 * day),
    'a duration from 1d to 365d',
    30 * day,
  ),
  reviewWithinMs: setting(
    'POSTERN_REVIEW_WITHIN',
    'reviews.within',
    lasting(hour, 90 * day),
    'a duration from 1h to 90d',
    7 * day,
  ),
  keepAccessLogMs: setting(
    'POSTERN_KEEP_ACCESS_LOG',
    'keep_access_log',
    lasting(day, 3650 * day),
    'a duration from 1d to 3650d',
    400 * day,
  ),
  checkpointEveryMs: setting(
    'POSTERN_CHECKPOINT_EVERY',
    'audit.checkpoint_every',
    lasting(1000, day),
    'a duration from 1s to 1d',
    minute,
  ),
  checkpointFolder: setting<string | undefined>(
    'POSTERN_CHECKPOINT_FOLDER',
    'audit.checkpoint_folder',
    line,
    'a folder, best on another machine, where every checkpoint of the audit is written too',
    undefined,
  ),
} as const;

export type Settings = { [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['schema']> };

function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return false;
  // One spelling only: clients compare issuers as strings (RFC 8414 section 3.3).
  return url.search === '' && url.hash === '' && !text.endsWith('/') && (text === url.origin || text === url.href);
}

/** Some end in a slash. They are compared as they are (OpenID Connect Core 1.0 section 3.1.3.7). */
function isIdentityProvider(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && !/[?#]/.test(text);
}

function isAddressOrRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  try {
    new BlockList().addSubnet(
      address,
      /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1,
      isIP(address) === 6 ? 'ipv6' : 'ipv4',
    );
    return true;
  } catch {
    return false;
  }
}
