import type { AccessOffer } from '@postern/shared/protocol/access';
import type { ResourceAccess, ResourceTier } from '@postern/shared/protocol/resource';
import type { Store } from '../../storage/store.ts';
import { readTemplates, type Template } from '../templates/store.ts';

/** A resource as it is stored, with the access that it offers. */
interface Offering {
  name: string;
  title: string | null;
  tier: ResourceTier;
  access: ResourceAccess;
}

/**
 * What somebody may ask access to, in which roles and under which templates, by name of the resource.
 *
 * @param groups of that person
 */
export async function readOffers(read: Store['read'], groups: readonly string[]): Promise<AccessOffer[]> {
  const rows = await read.selectFrom('resources').selectAll().where('access', 'is not', null).orderBy('name').execute();
  if (rows.length === 0) return [];
  const templates = await readTemplates(read);
  const resources = rows.map(({ name, title, tier, access }) => ({
    name,
    title,
    tier: tier as ResourceTier,
    access: JSON.parse(access ?? '') as ResourceAccess,
  }));
  return offersFor(resources, templates, groups);
}

/**
 * A resource none of whose templates is for that person is left out. Whether a request would be granted is another
 * question; this says only what may be asked. Pure.
 */
export function offersFor(
  resources: readonly Offering[],
  templates: readonly Template[],
  groups: readonly string[],
): AccessOffer[] {
  return resources.flatMap((resource) => {
    const { name, title, tier, access } = resource;
    const offered = access.templates.flatMap((each) => {
      const template = templates.find((one) => one.name === each);
      return template !== undefined && isFor(template, resource, groups) ? [shown(template)] : [];
    });
    if (offered.length === 0) return [];
    return [{ resource: name, title, tier, roles: [...access.roles], templates: offered }];
  });
}

function isFor({ document }: Template, { name, tier }: Offering, groups: readonly string[]): boolean {
  const { kind, for: people, allows } = document;
  if (kind !== 'access') return false;
  if (people.groups !== undefined && !people.groups.some((group) => groups.includes(group))) return false;
  return (allows.resources?.includes(name) ?? true) && (allows.tiers?.includes(tier) ?? true);
}

function shown({ name, document }: Template): AccessOffer['templates'][number] {
  const { title, description, impact, durations, begins, emergency, ticket } = document;
  return {
    name,
    title,
    description,
    impact,
    durations,
    begins,
    emergency,
    ticket,
    maxDuration: document.max_duration,
    reasonCodes: document.reason_codes,
    stepUp: document.step_up.request,
  };
}
