import type { PolicyDocument } from '@postern/shared/protocol/policy';
import { documentChanges } from './document-changes.ts';
import { readStoredPolicy } from './read-document.ts';

/**
 * Ids of the rules of a published text that demand something else in the document that comes after it, or are gone, in
 * the order of the published text. Exceptions from them end.
 *
 * @param before null: there was nothing before
 * @param after null: nothing comes after it, the policy is taken out of force
 */
export function changedRules(before: string | null, after: PolicyDocument | null): string[] {
  if (before === null) return [];
  const document = readStoredPolicy(before);
  const { demands, removed } = documentChanges(document, after);
  return document.rules.map(({ id }) => id).filter((id) => demands.includes(id) || removed.includes(id));
}
