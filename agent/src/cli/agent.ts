import { readFile } from 'node:fs/promises';
import { canonicalJson } from '@postern/shared/canonical';
import type { OwnDevice } from '@postern/shared/protocol/device';
import { second } from '@postern/shared/time';
import { attest, type Attested } from '../backend/attest.ts';
import { type Backend, connect } from '../backend/client.ts';
import { readOwnDevice } from '../backend/own-device.ts';
import type { Session } from '../backend/session.ts';
import { planned } from '../collect/request.ts';
import { dataFolderOf } from '../data-folder.ts';
import type { KeyProvider } from '../keys/provider.ts';
import { keyProvidersIn } from '../keys/providers.ts';
import { loadKey } from '../keys/select.ts';
import { type Lock, LockedError, type LockName, takeLock } from '../state/lock.ts';
import { type ClientAttestationStore, clientAttestationsIn } from '../state/client-attestation.ts';
import { removeTemporaries } from '../state/private-folder.ts';
import { NotEnrolledError } from '../state/not-enrolled.ts';
import type { AgentState } from '../state/state.ts';
import { type StateStore, stateStoreIn } from '../state/store.ts';
import { agentVersion } from '../version.ts';
import { UsageError } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The parts of the agent over one data folder, wired. */
export interface Agent {
  readonly dataFolder: string;
  readonly store: StateStore;
  readonly attestations: ClientAttestationStore;
  readonly providers: readonly KeyProvider[];
  connect(url: string, clockOffsetMs: number | null): Promise<Backend>;
  /** @throws NotEnrolledError @throws StateError */
  loadState(): Promise<AgentState>;
  /** @throws NotEnrolledError @throws StateError @throws KeyError */
  openSession(): Promise<Session>;
  /** One attestation, alone on this data folder; `fresh`: of nothing that was read before. */
  attest(fresh: boolean): Promise<Attested>;
  /** What the backend has of this device. What it asks to be collected is remembered. */
  askOwnDevice(session: Session): Promise<OwnDevice>;
  lock(name: LockName, waitMs?: number): Promise<Lock>;
}

/** A running attestation takes as long as its slowest check and the backend's deadline. */
const lockWaitMs = 30 * second;

export function agentOf(terminal: Terminal): Agent {
  const { machine, env, clock, random, timer } = terminal;
  const dataFolder = dataFolderOf({ ...machine, env });
  const store = stateStoreIn(dataFolder);
  const providers = keyProvidersIn(dataFolder);

  const agent: Agent = {
    dataFolder,
    store,
    attestations: clientAttestationsIn(dataFolder),
    providers,
    async connect(url, clockOffsetMs) {
      const userAgent = `postern-agent/${agentVersion} (${machine.platform})`;
      return connect({ url, clock, random, ca: await readAuthority(env), clockOffsetMs, userAgent });
    },
    async loadState() {
      const state = await store.load();
      if (state === undefined) throw new NotEnrolledError();
      return state;
    },
    async openSession() {
      const state = await agent.loadState();
      const key = await loadKey(providers, state.key);
      return { state, key, backend: await agent.connect(state.server.url, state.clockOffsetMs) };
    },
    async attest(fresh) {
      const lock = await agent.lock('state', lockWaitMs);
      try {
        await removeTemporaries(dataFolder);
        const session = await agent.openSession();
        const save = (state: AgentState) => store.save(state);
        return await attest({
          session,
          agentVersion,
          save,
          collect: (plan, offset) => terminal.collect({ ...planned(plan, offset), ...(fresh ? { keepForMs: 0 } : {}) }),
        });
      } finally {
        await lock.release();
      }
    },
    async askOwnDevice(session) {
      const own = await readOwnDevice(session);
      await rememberPlan(own.collect);
      return own;
    },
    lock: (name, waitMs = 0) => takeLock(dataFolder, name, timer, waitMs),
  };

  /** Where another process reports at this moment, it hears of the plan itself. */
  async function rememberPlan(plan: OwnDevice['collect']): Promise<void> {
    const lock = await agent.lock('state').catch((error: unknown) => {
      if (error instanceof LockedError) return undefined;
      throw error;
    });
    try {
      const state = lock && (await store.load());
      if (state === undefined) return;
      if (state.plan === null || canonicalJson(state.plan) !== canonicalJson(plan))
        await store.save({ ...state, plan });
    } finally {
      await lock?.release();
    }
  }

  return agent;
}

/** POSTERN_AGENT_CA: the authorities (PEM) that the backend's certificate must come from, and no others. */
async function readAuthority(env: Terminal['env']): Promise<string | undefined> {
  const path = env['POSTERN_AGENT_CA'];
  if (path === undefined || path === '') return undefined;
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw new UsageError(`POSTERN_AGENT_CA names ${path}, which cannot be read.`);
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`POSTERN_AGENT_CA names ${path}, which holds no certificate (PEM).`);
  return text;
}
