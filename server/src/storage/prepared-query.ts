import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Stands for the value while the query is compiled. No value of ours holds a NUL: no database of ours would keep it. */
const placeholder = '\0value';

/**
 * A query that is built and compiled once for each database, and then only run: on a hot path building it anew would
 * cost more than running it does.
 *
 * @param build the query for one value, which must not look at the value
 */
export function preparedQuery<Row>(build: (read: Kysely<Database>, value: string) => Compilable<Row>) {
  const compiled = new WeakMap<Kysely<Database>, CompiledQuery<Row>>();
  return async (read: Kysely<Database>, value: string): Promise<Row[]> => {
    let query = compiled.get(read);
    if (query === undefined) {
      query = build(read, placeholder).compile();
      compiled.set(read, query);
    }
    const parameters = query.parameters.map((each) => (each === placeholder ? value : each));
    const { rows } = await read.executeQuery<Row>({ ...query, parameters });
    return rows;
  };
}
