import type { ExceptionRecord } from './record.ts';
import type { Approval } from './lifecycle-events.ts';

/** The record with what the approver cut, or undefined when anything would be more than was asked for. */
export function narrow(
  record: ExceptionRecord,
  event: Pick<Approval, 'durationMs' | 'rules' | 'resources'>,
): ExceptionRecord | undefined {
  const durationMs = event.durationMs ?? record.durationMs;
  const rules = event.rules ?? record.rules;
  const resources = event.resources ?? record.resources;
  if (durationMs > record.durationMs || durationMs <= 0) return undefined;
  if (record.kind === 'device' && rules.length === 0) return undefined;
  if (!rules.every((rule) => record.rules.includes(rule))) return undefined;
  // No resources means all of them: any list narrows that, and an empty list widens any other.
  const within =
    record.resources.length === 0 ||
    (resources.length > 0 && resources.every((each) => record.resources.includes(each)));
  return within ? { ...record, durationMs, rules: [...new Set(rules)], resources: [...new Set(resources)] } : undefined;
}
