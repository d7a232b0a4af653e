import { canonicalJson, type Json } from '@postern/shared/canonical';
import type { PolicyDocument } from '@postern/shared/protocol/policy';
import { compilePolicy } from './compile.ts';

/** How one document of a policy differs from the one before it, for people. Rules by their ids. */
export interface DocumentChanges {
  /** Members of the document itself: `enforcement`, `applies_to`, `max_age`… */
  settings: string[];
  added: string[];
  removed: string[];
  /** These demand something else: exceptions from them end, and so do those from removed ones. */
  demands: string[];
  /** These say the same in other words, or by another time or severity. */
  otherwise: string[];
}

/**
 * @param before null: there was none
 * @param after null: there is none any more
 */
export function documentChanges(before: PolicyDocument | null, after: PolicyDocument | null): DocumentChanges {
  const [was, is] = [rulesOf(before), rulesOf(after)];
  const both = [...is.keys()].filter((id) => was.has(id));
  const demands = both.filter((id) => was.get(id)?.hash !== is.get(id)?.hash);
  return {
    settings: before === null || after === null ? [] : settingsOf(before, after),
    added: [...is.keys()].filter((id) => !was.has(id)),
    removed: [...was.keys()].filter((id) => !is.has(id)),
    demands,
    otherwise: both.filter((id) => !demands.includes(id) && was.get(id)?.text !== is.get(id)?.text),
  };
}

function rulesOf(document: PolicyDocument | null): Map<string, { hash: string; text: string }> {
  if (document === null) return new Map();
  return new Map(
    compilePolicy(document, 1).rules.map(({ document: rule, hash }) => [rule.id, { hash, text: canonical(rule) }]),
  );
}

function settingsOf(before: PolicyDocument, after: PolicyDocument): string[] {
  const { rules: _was, ...was } = before;
  const { rules: _is, ...is } = after;
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const value = (of: object, name: string) => canonical(Object.entries(of).find(([key]) => key === name)?.[1] ?? null);
  return names.filter((name) => value(was, name) !== value(is, name));
}

/** The values come out of YAML: JSON without what was left out. */
function canonical(value: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
}
