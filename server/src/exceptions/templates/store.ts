import { Fault } from '@postern/shared/protocol/errors';
import type { TemplateDocument } from '@postern/shared/protocol/template';
import type { Instant } from '@postern/shared/time';
import { systemActor } from '../../audit/event.ts';
import { ConflictError, type Store } from '../../storage/store.ts';
import { builtInNames, builtInTemplate } from './built-in.ts';
import { type Publisher, templatePublication } from './publication.ts';
import { readStoredTemplate, readTemplateDocument } from './read-template.ts';

/** A template in force. */
export interface Template {
  name: string;
  version: number;
  document: TemplateDocument;
}

type Read = Store['read'];

/** The templates in force, by name. One that this version of the program cannot read is left out: nobody can ask under it. */
export async function readTemplates(read: Read): Promise<Template[]> {
  const rows = await read
    .selectFrom('exception_templates')
    .select(['name', 'version', 'document'])
    .where('current', '=', 1)
    .orderBy('name')
    .execute();
  return rows.flatMap((row) => templateOf(row) ?? []);
}

/** The version in force of a template; undefined where there is none, or this version of the program cannot read it. */
export async function findTemplate(read: Read, name: string): Promise<Template | undefined> {
  const row = await read
    .selectFrom('exception_templates')
    .select(['name', 'version', 'document'])
    .where('name', '=', name)
    .where('current', '=', 1)
    .executeTakeFirst();
  return row && templateOf(row);
}

/** What was published once; undefined where this version of the program cannot read it. */
export function templateOf(row: { name: string; version: number; document: string }): Template | undefined {
  const { name, version } = row;
  try {
    return { name, version, document: readStoredTemplate(row.document) };
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

const firstStart: Publisher = {
  actor: systemActor,
  approval: 'first-start',
  proposedBy: null,
  approvedBy: null,
  note: null,
  proposal: null,
};

/** Publishes the built-in templates where there never were any. Returns whether it did. Safe on several nodes at once. */
export async function ensureDefaultTemplates(store: Pick<Store, 'read' | 'commit'>, now: Instant): Promise<boolean> {
  const any = await store.read.selectFrom('exception_templates').select('name').limit(1).executeTakeFirst();
  if (any !== undefined) return false;
  const units = builtInNames.map((name) => {
    const text = builtInTemplate(name);
    const document = readTemplateDocument(text);
    return templatePublication({ current: null, latest: 0 }, { document, text }, firstStart, now);
  });
  try {
    await store.commit({
      changes: units.flatMap(({ changes }) => changes),
      audit: units.flatMap(({ audit }) => audit),
    });
    return true;
  } catch (error) {
    // Another node was started at the same moment.
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
