import { type PolicyDocument, policyDocumentSchema } from '@postern/shared/protocol/policy';
import {
  conditionFaults,
  demandFaults,
  type DocumentFault,
  scopeFaults,
  termFaults,
  timeFaults,
} from './document-faults.ts';
import { faultsBehind } from './form-faults.ts';
import { targetFaults } from './target-faults.ts';
import { type DocumentKind, readStoredDocument, readWrittenDocument } from './written-document.ts';

const policyKind: DocumentKind<PolicyDocument> = {
  schema: policyDocumentSchema,
  code: 'policy_invalid',
  noun: 'policy',
  isNone: 'is no policy document: it begins with policy:, title: and rules:',
  faultsIn,
  faultsBehind,
};

/** Reads a policy document. Throws Fault policy_invalid with every fault at once, each with its path, its line and its column. */
export function readPolicyDocument(text: string): PolicyDocument {
  return readWrittenDocument(text, policyKind);
}

/** Reads a policy that was published once. Throws Fault policy_invalid. */
export function readStoredPolicy(text: string): PolicyDocument {
  return readStoredDocument(text, policyKind);
}

function faultsIn(document: PolicyDocument): DocumentFault[] {
  return [
    ...timeFaults(document),
    ...scopeFaults(document),
    ...targetFaults(document),
    ...document.rules.flatMap((rule, index) => [
      ...demandFaults(rule, index),
      ...conditionFaults(rule, index),
      ...termFaults(rule, index),
    ]),
  ];
}
