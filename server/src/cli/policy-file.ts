import { readFile } from 'node:fs/promises';
import { Fault } from '@postern/shared/protocol/errors';

/** The text of a file that was named on the command line. Throws Fault not_found. */
export async function readPolicyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Fault('not_found', {
      details: [{ path: file, message: 'is not a file that this user can read' }],
      cause,
    });
  }
}
