import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { shownSettings } from './config-shown.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { readProviders } from './config-providers.ts';
import { type Settings, settings } from './config-settings.ts';
import type { Config, SignInProvider } from './config.ts';
import { isLoopback, isLoopbackHost } from './loopback.ts';
import { deriveKey } from './master-key.ts';
import { readOrCreateMasterSecret } from './master-secret.ts';
import { suggestion } from './nearest-name.ts';

/** Everything that is wrong with a configuration, at once. */
export class ConfigError extends Error {
  /** One line each: the name of the variable or the place in the file, and what would be right. */
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration: environment over YAML file over defaults. On a first start it makes the data folder
 * (0700) and in it the master secret (0600).
 *
 * @param mayBegin false: for what makes no sense where no Postern is yet, such as a command in the wrong folder
 * @throws ConfigError
 */
export function readConfig(environment: Environment, mayBegin = true): Config {
  const faults: string[] = [];
  const file = readConfigFile(environment.POSTERN_CONFIG, faults);
  faults.push(...unknownVariables(environment), ...unknownPaths(file));
  const read = readSettings(environment, file, faults);
  if (faults.length === 0) faults.push(...contradictions(read));
  const providers =
    faults.length > 0 ? [] : readProviders(read.signInProviders, read.sourceOf('signInProviders'), faults);
  if (faults.length > 0) throw new ConfigError(faults);
  if (!mayBegin && !existsSync(read.data)) {
    throw new ConfigError([
      `${read.sourceOf('data')}: there is no Postern in ${read.data}. Name its data folder, or start it there first with postern-server serve`,
    ]);
  }
  let masterSecret = read.masterSecret;
  try {
    masterSecret ??= readOrCreateMasterSecret(read.data);
  } catch (error) {
    throw new ConfigError([`POSTERN_DATA: ${error instanceof Error ? error.message : 'cannot be used'}`]);
  }
  return toConfig(read, providers, masterSecret);
}

type Read = Settings & { sourceOf(name: keyof Settings): string; shown: Config['shown'] };

function readSettings(environment: Environment, file: ConfigFile, faults: string[]): Read {
  const sources = new Map<string, string>();
  const values: Record<string, unknown> = {};
  for (const [name, { variable, file: place, schema, expects, fallback }] of Object.entries(settings)) {
    const inFile = file.values.get(place);
    const given = environment[variable];
    const source = given === undefined && inFile !== undefined ? `${file.name}:${inFile.line}: ${place}` : variable;
    sources.set(name, source);
    const raw: unknown = given ?? inFile?.value;
    if (raw === undefined) {
      values[name] = fallback;
      continue;
    }
    const parsed = schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${source}: must be ${expects}${whereOf(parsed.error)}`);
  }
  const read = values as Settings;
  const isInFile = (name: keyof Settings) => file.values.has(settings[name].file);
  const shown = () =>
    shownSettings(read, (name) =>
      environment[settings[name].variable] === undefined ? (isInFile(name) ? 'file' : 'default') : 'environment',
    );
  return Object.assign(read, {
    sourceOf: (name: keyof Settings) => sources.get(name) ?? name,
    shown: faults.length === 0 ? shown() : [],
  });
}

/** Of a setting that has parts: which of them, and why. */
function whereOf(error: z.ZodError): string {
  const issues = error.issues.flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flat() : [issue]));
  const parts = issues.filter(({ path: place }) => place.length > 0);
  return parts.map(({ path: place, message }) => `; ${place.join('.')}: ${message}`).join('');
}

/** What is right by itself but not together. */
function contradictions(read: Read): string[] {
  const faults: string[] = [];
  const { host, tlsCert, tlsKey, trustedProxies, issuer } = read;
  const isLocal = isLoopbackHost(host);
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    faults.push(
      `${read.sourceOf(tlsCert === undefined ? 'tlsCert' : 'tlsKey')}: certificate and key belong together; give both or neither`,
    );
  }
  for (const name of ['tlsCert', 'tlsKey'] as const) {
    const pem = read[name];
    if (pem !== undefined && !isReadable(pem))
      faults.push(`${read.sourceOf(name)}: must be a file that this user can read`);
  }
  if (!isLocal && tlsCert === undefined && trustedProxies.length === 0) {
    faults.push(
      `${read.sourceOf('host')}: beyond loopback the backend listens only with TLS (POSTERN_TLS_CERT, POSTERN_TLS_KEY) or behind a declared proxy (POSTERN_TRUSTED_PROXIES)`,
    );
  }
  if (issuer === undefined && !isLocal) {
    faults.push(
      `${read.sourceOf('issuer')}: must be set when listening beyond loopback: the address that agents and gateways use`,
    );
  }
  if (issuer?.startsWith('http:') === true) {
    const { hostname } = new URL(issuer);
    if (hostname !== 'localhost' && !isLoopback(hostname.replaceAll(/[[\]]/g, ''))) {
      faults.push(`${read.sourceOf('issuer')}: must be https, except on loopback: tokens and proofs name it`);
    }
  }
  if ((read.oidcIssuer === undefined) !== (read.oidcClientId === undefined)) {
    faults.push(
      `${read.sourceOf(read.oidcIssuer === undefined ? 'oidcIssuer' : 'oidcClientId')}: the OpenID provider and our client id there belong together; give both or neither`,
    );
  }
  if (
    read.oidcIssuer?.startsWith('http:') === true &&
    !isLoopbackHost(new URL(read.oidcIssuer).hostname.replaceAll(/[[\]]/g, ''))
  )
    faults.push(`${read.sourceOf('oidcIssuer')}: must be https, except on loopback: its keys say who people are`);
  if ((read.mailServer === undefined) !== (read.mailFrom === undefined)) {
    faults.push(
      `${read.sourceOf(read.mailServer === undefined ? 'mailServer' : 'mailFrom')}: the mail server and the address that mail is from belong together; give both or neither`,
    );
  }
  if (read.feedKeys !== undefined && !isReadable(read.feedKeys))
    faults.push(`${read.sourceOf('feedKeys')}: must be a file that this user can read`);
  if (read.feedFrom !== undefined && read.feedKeys === undefined)
    faults.push(`${read.sourceOf('feedFrom')}: needs POSTERN_FEED_KEYS, the keys that may sign what comes from there`);
  if (read.signingKeyAheadMs >= read.signingKeyLifeMs) {
    faults.push(
      `${read.sourceOf('signingKeyAheadMs')}: must be shorter than the life of a signing key (POSTERN_SIGNING_KEY_LIFE)`,
    );
  }
  return faults;
}

function toConfig(read: Read, providers: readonly SignInProvider[], masterSecret: string): Config {
  const scheme = read.tlsCert === undefined ? 'http' : 'https';
  const authority = read.host.includes(':') ? `[${read.host}]` : read.host;
  return {
    host: read.host,
    port: read.port,
    issuer: read.issuer ?? new URL(`${scheme}://${authority}:${read.port}`).origin,
    dataFolder: read.data,
    databaseUrl: read.databaseUrl ?? `sqlite:${path.join(read.data, 'postern.db')}`,
    tls:
      read.tlsCert === undefined || read.tlsKey === undefined ? null : { certFile: read.tlsCert, keyFile: read.tlsKey },
    trustedProxies: read.trustedProxies,
    metricsFor: read.metricsFor,
    logLevel: read.logLevel,
    limits: {
      discovery: read.limitDiscovery,
      console: read.limitConsole,
      challenge: read.limitChallenge,
      enrollment: read.limitEnrollment,
      attestation: read.limitAttestation,
      token: read.limitToken,
      gateway: read.limitGateway,
      device: read.limitDevice,
      'sign-in': read.limitSignIn,
      admin: read.limitAdmin,
    },
    attestationsPerDevice: read.limitAttestationsPerDevice,
    deviceFlowPending: read.deviceFlowPending,
    attestEveryMs: read.attestEveryMs,
    exceptionPendingMs: read.exceptionPendingMs,
    keepAttestationsMs: read.keepAttestationsMs,
    signingKeyLifeMs: read.signingKeyLifeMs,
    signingKeyAheadMs: read.signingKeyAheadMs,
    signalAlg: read.signalAlg,
    identityProvider:
      read.oidcIssuer === undefined || read.oidcClientId === undefined
        ? null
        : { issuer: read.oidcIssuer, clientId: read.oidcClientId },
    signIn: { providers, passwords: read.passwords, passwordAlone: read.passwordAlone },
    session: { lifeMs: read.sessionLifeMs, idleMs: Math.min(read.sessionIdleMs, read.sessionLifeMs) },
    identifiers: read.hardwareIdentifiers,
    identifierKey: deriveKey(masterSecret, 'hardware-identifiers').toString('base64url'),
    brake: {
      devices: read.brakeDevices,
      sharePercent: read.brakeSharePercent,
      windowMs: read.brakeWindowMs,
      holdMs: read.brakeHoldMs,
    },
    feed: { keysFile: read.feedKeys ?? null, from: read.feedFrom ?? null, everyMs: read.feedEveryMs },
    mail:
      read.mailServer === undefined || read.mailFrom === undefined
        ? null
        : { mailServer: read.mailServer, from: read.mailFrom },
    webhookHosts: read.webhookHosts,
    pollWaitMs: read.pollWaitMs,
    reviews: { everyMs: read.reviewEveryMs, withinMs: read.reviewWithinMs },
    keepAccessLogMs: read.keepAccessLogMs,
    checkpoints: { everyMs: read.checkpointEveryMs, folder: read.checkpointFolder ?? null },
    shown: read.shown,
    masterSecret,
  };
}

// The agent and the tests have variables of their own.
const foreign = /^POSTERN_(AGENT|TEST)_/;

function unknownVariables(environment: Environment): string[] {
  const known = ['POSTERN_CONFIG', ...Object.values(settings).map(({ variable }) => variable)];
  return Object.keys(environment)
    .filter((name) => name.startsWith('POSTERN_') && !foreign.test(name) && !known.includes(name))
    .map((name) => `${name}: there is no such variable${suggestion(name, known)}`);
}

function unknownPaths({ name, values }: ConfigFile): string[] {
  const known = Object.values(settings).map(({ file }) => file);
  return [...values]
    .filter(([place]) => !known.includes(place))
    .map(([place, { line }]) => `${name}:${line}: ${place}: there is no such setting${suggestion(place, known)}`);
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
