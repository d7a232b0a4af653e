import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PrivateFileError } from './private-file-error.ts';
import { readPrivateFile, replacePrivateFile } from './private-file.ts';
import { privateFolder } from './private-folder.ts';
import { type AgentState, stateSchema, stateVersion } from './state.ts';

/** The state cannot be used. Never a reason to enroll again by itself. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly code = 'state-unusable';
}

export interface StateStore {
  readonly path: string;
  /** @returns undefined when this device was never enrolled @throws StateError when it was and the state cannot be read */
  load(): Promise<AgentState | undefined>;
  /** Resolves when the state is durable. */
  save(state: AgentState): Promise<void>;
  remove(): Promise<void>;
}

export function stateStoreIn(dataFolder: string): StateStore {
  const path = join(dataFolder, 'state.json');
  return {
    path,
    async load() {
      let text: string;
      try {
        text = await readPrivateFile(path);
      } catch (error) {
        if (!(error instanceof PrivateFileError)) throw error;
        if (error.kind === 'absent') return undefined;
        throw new StateError(error.message, { cause: error });
      }
      return parseState(path, text);
    },
    async save(state) {
      // Checked on the way out as well: what could not be read again must never replace what can.
      const text = `${JSON.stringify(stateSchema.parse(state), null, 2)}\n`;
      await privateFolder(dataFolder);
      await replacePrivateFile(path, text);
    },
    async remove() {
      await unlink(path).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      });
    },
  };
}

const startOver =
  'Restore it from a backup of this machine, or start over: postern-agent forget --yes, then postern-agent enroll.';

function parseState(path: string, text: string): AgentState {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new StateError(`${path} is damaged: it is not JSON. ${startOver}`);
  }
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version === 'number' && version > stateVersion) {
    throw new StateError(`${path} was written by a newer agent (version ${version}). Use that agent.`);
  }
  const parsed = stateSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new StateError(`${path} is damaged${where === '' ? '' : ` at "${where}"`}. ${startOver}`);
}
