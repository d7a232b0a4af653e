import { briefly } from '../kept.ts';
import type { About } from './facts.ts';
import type { Read } from './read-requests.ts';
import { chunks } from './read-requests.ts';

const atOnce = 500;

export interface Named extends About {
  name: string;
}

/** Says what people call what rows are about. They wrote it themselves: whoever shows it must escape it. */
export async function readNames(read: Read, about: readonly About[]): Promise<(each: About) => Named> {
  const names = new Map<string, string>();
  for (const [kind, table] of [
    ['person', 'users'],
    ['device', 'devices'],
  ] as const) {
    const ids = new Set(about.filter((each) => each.kind === kind).map(({ id }) => id));
    for await (const some of chunks([...ids], atOnce, briefly)) {
      const rows = await read.selectFrom(table).select(['id', 'name']).where('id', 'in', some).execute();
      for (const { id, name } of rows) names.set(`${kind} ${id}`, name);
    }
  }
  return ({ kind, id }) => ({ kind, id, name: names.get(`${kind} ${id}`) ?? id });
}
