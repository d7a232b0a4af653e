import type { Json } from '@postern/shared/canonical';
import type { ReleaseFacts } from '../releases/index.ts';
import type { Context } from './types.ts';

/** What an expression can name. The value of the reading is put in for each. */
interface Variables {
  value: unknown;
  /** Put in for conditions of templates. */
  risk: unknown;
  readonly platform: string;
  readonly now: Date;
  readonly device: object;
  readonly person: object;
  /** Undefined, so that naming it cannot be evaluated, where any resource is meant. */
  readonly resource: object | null | undefined;
  readonly release: ReleaseFacts | null;
}

const made = new WeakMap<Context, Variables>();

/** Made once for a context, however many rules it is judged by. */
export function variablesOf(context: Context): Variables {
  let variables = made.get(context);
  if (variables === undefined) {
    variables = make(context);
    made.set(context, variables);
  }
  return variables;
}

/** What nobody has said is left out: an expression that needs it cannot be evaluated, and is not false by accident. */
function make(context: Context): Variables {
  const { subject, resource, now } = context;
  const { platform, ownership, keyProtection, person } = subject;
  return {
    value: null,
    risk: null,
    platform,
    now: new Date(now),
    device: { platform, keyProtection, ...(ownership === 'unknown' ? {} : { ownership }) },
    person: { email: person.email, groups: person.groups },
    resource: resource === 'any' ? undefined : resource && nameAndTier(resource),
    // Asked for only by an expression that names it.
    get release() {
      return context.release;
    },
  };
}

function nameAndTier({ name, tier }: { name: string; tier: string | null }): object {
  return tier === null ? { name } : { name, tier };
}

const converted = new WeakMap<object, unknown>();

/**
 * JSON does not tell whole numbers from others, CEL does: without this `value.count + 1` would be no sum, because 1 is
 * an int and the count a double. Comparing an int with a double works both ways. Kept beside the value, over which a
 * policy may have many rules.
 */
export function toCel(value: Json): unknown {
  if (typeof value !== 'object' || value === null) return convert(value);
  let result = converted.get(value);
  if (result === undefined) {
    result = convert(value);
    converted.set(value, result);
  }
  return result;
}

function convert(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, convert(member)]));
}
