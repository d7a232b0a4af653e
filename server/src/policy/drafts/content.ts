import { sha256 } from '@postern/shared/digest';
import { Fault, type FaultDetail } from '@postern/shared/protocol/errors';
import type { PolicyDocument } from '@postern/shared/protocol/policy';
import { readPolicyDocument } from '../read-document.ts';

/** What can be said of a text that may not be finished. */
export interface Inspected {
  documentHash: string;
  /** Null while the text names no policy that could be read. */
  policy: string | null;
  /** Null when it has faults. */
  document: PolicyDocument | null;
  faults: FaultDetail[];
}

/** A plain `policy:` line at the top level: enough to say which policy a text with faults is about. */
const policyLine = /^policy:[ \t]{0,8}([a-z][a-z0-9-]{0,63})[ \t]{0,8}\r?$/m;

export function inspect(text: string): Inspected {
  const documentHash = sha256(text);
  try {
    const document = readPolicyDocument(text);
    return { documentHash, policy: document.policy, document, faults: [] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { documentHash, policy: policyLine.exec(text)?.[1] ?? null, document: null, faults: error.details };
  }
}
