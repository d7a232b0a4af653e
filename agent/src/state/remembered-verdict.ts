import { z } from 'zod';
import { verdictSchema } from '@postern/shared/protocol/verdict';

/** Members that a verdict of an older agent's state does not have, as they were meant then: there were no stages. */
const newInVerdict = { because: [] };
const newInRule = { warnAt: null, stage: null, reportOnly: false, held: null };

/** A verdict that this or an older agent wrote down. An upgrade must not make a state unreadable. */
export const rememberedVerdictSchema = z.preprocess((json) => {
  if (!isRecord(json)) return json;
  const rules = Array.isArray(json['rules'])
    ? json['rules'].map((rule: unknown) => (isRecord(rule) ? { ...newInRule, ...rule } : rule))
    : json['rules'];
  return { ...newInVerdict, ...json, rules };
}, verdictSchema);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
