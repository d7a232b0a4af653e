import { sha256 } from '@postern/shared/digest';
import {
  type DecisionAbout,
  decisionSubjectText,
  type ManageAbout,
  manageSubjectText,
  type RequestAbout,
  requestSubjectText,
  type SetDecisionAbout,
} from '@postern/shared/protocol/step-up-subject';

/** What a proof is for: one purpose, and the hash of exactly what is asked or decided. */
export interface Subject {
  purpose: 'request' | 'decide' | 'manage';
  /** base64url SHA-256. */
  hash: string;
}

/** Hash of what is asked for: a request, an edit or an extension. base64url. */
export function requestSubject(about: RequestAbout): string {
  return sha256(requestSubjectText(about));
}

/** Hash of an approval: of this request as it is now, whole or narrowed in this way. base64url. */
export function decisionSubject(about: DecisionAbout | SetDecisionAbout): string {
  return sha256(decisionSubjectText(about));
}

/** Hash of something that is done with the server itself. base64url. */
export function manageSubject(about: ManageAbout): string {
  return sha256(manageSubjectText(about));
}
