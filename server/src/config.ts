import type { Role } from '@postern/shared/protocol/admin';
import type { RateClass } from './http/route.ts';
import type { SigningAlg } from './tokens/signing-keys.ts';

/** An OpenID provider that people sign in to the console with. */
export interface SignInProvider {
  /** In addresses: of the console, and of the place that the provider sends people back to. */
  id: string;
  title: string;
  issuer: string;
  clientId: string;
  /** Null: a public client, held by PKCE alone. */
  clientSecret: string | null;
  scope: string;
  /** Somebody who is here already is found by their verified e-mail address, once. */
  linkByEmail: boolean;
  /** Whoever is not here is added. */
  create: boolean;
  groupsClaim: string;
  /** Roles by group. Those that stand here come and go with the group; others are left alone. */
  roles: Readonly<Record<string, readonly Role[]>>;
  /** Which groups of the provider are groups here. */
  groups: 'all' | readonly string[];
}

/** A setting as it is in effect, for whoever may look at it: what may hold a secret is without it. */
export interface ShownSetting {
  variable: string;
  file: string;
  source: 'environment' | 'file' | 'default';
  value: string | number | boolean | string[] | null;
  isDuration: boolean;
  isSecret: boolean;
}

/** The configuration after it was read and checked (config-read.ts). Times in milliseconds. */
export interface Config {
  /** Address that listens. Beyond loopback only with TLS or a declared proxy. */
  host: string;
  port: number;
  /** What the backend calls itself in tokens and metadata: origin, optionally with a path, no trailing slash. */
  issuer: string;
  /** Folder for the SQLite file and the master secret. */
  dataFolder: string;
  /** `sqlite:/path/file.db` or `postgres://…`. */
  databaseUrl: string;
  tls: { certFile: string; keyFile: string } | null;
  /** Addresses of proxies whose X-Forwarded-For is believed. Empty: none. */
  trustedProxies: readonly string[];
  /** Who may read /metrics: callers on this machine, or whoever reaches the port. */
  metricsFor: 'loopback' | 'everyone';
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** Calls a minute and address, by class. */
  limits: Readonly<Record<RateClass, number>>;
  /** Attestations a minute and device, whatever the address. */
  attestationsPerDevice: number;
  /** A device that a person enrolls with a device code waits for an admin. */
  deviceFlowPending: boolean;
  /** How often an agent should attest. */
  attestEveryMs: number;
  /** An exception request that nobody answers lapses after this. */
  exceptionPendingMs: number;
  /** Full attestations older than this are thinned to their hashes; verdict history stays. */
  keepAttestationsMs: number;
  /** A signing key signs for this long; its successor is published `signingKeyAheadMs` before. */
  signingKeyLifeMs: number;
  signingKeyAheadMs: number;
  /** What signals are signed with. Another one than before takes effect a quarter of an hour after the start. */
  signalAlg: SigningAlg;
  /** Whose ID tokens are exchanged for tokens for people, and for which client they must be. Null: nobody's. */
  identityProvider: { issuer: string; clientId: string } | null;
  /** How people sign in to the console, beside one-time links and passkeys. */
  signIn: {
    providers: readonly SignInProvider[];
    passwords: boolean;
    /** Whose password may do without a second factor. */
    passwordAlone: 'nobody' | 'employees' | 'everybody';
  };
  /** How long people stay signed in: at all, and while they do nothing. */
  session: { lifeMs: number; idleMs: number };
  /** How devices are to send hardware identifiers. */
  identifiers: 'plain' | 'keyed' | 'off';
  /** Of keyed ones, base64url; from the master secret. Also where they are sent as they are: both are compared by it. */
  identifierKey: string;
  /** When a check is doubted: so many devices of one build, and such a share of them, within the window. */
  brake: { devices: number; sharePercent: number; windowMs: number; holdMs: number };
  /** Where release feeds come from, and who may sign them. Null: nothing is fetched, and nobody may sign. */
  feed: { keysFile: string | null; from: string | null; everyMs: number };
  /** Mail that is sent. Null: none. The server's address may hold a password. */
  mail: { mailServer: string; from: string } | null;
  /** Hosts inside of this network that webhooks may go to. All others there are refused (SSRF). */
  webhookHosts: readonly string[];
  /** How long a poll for signals waits for one. */
  pollWaitMs: number;
  /** Standing exceptions and rules with many are looked at so often, and within so long. */
  reviews: { everyMs: number; withinMs: number };
  /** How long it is kept which tokens were issued under temporary access. */
  keepAccessLogMs: number;
  /** Signed heads of the audit: how often, and where else they are written. */
  checkpoints: { everyMs: number; folder: string | null };
  /** All of it once more, to be shown. */
  shown: readonly ShownSetting[];
  /** 32 bytes, base64url: from POSTERN_MASTER_SECRET or the file `master.secret` (0600) in the data folder. */
  masterSecret: string;
}
