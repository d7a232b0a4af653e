import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import type { ChainedEvent, ChainHead } from '../../audit/chain.ts';
import { type Change, insert } from '../change.ts';
import type { Database } from '../database.ts';
import { comparisons, shapeOf } from '../statement.ts';
import { tableOf } from '../tables.ts';
import { guardMark } from './failure.ts';

/** A unit that one statement can carry out, with its place in the chain. */
export interface HotUnit {
  changes: readonly Change[];
  audit: readonly ChainedEvent[];
}

export interface OneStatement {
  /** For preparing it; undefined for mixtures that come up too rarely to be kept by the server. */
  name: string | undefined;
  sql: string;
  parameters: unknown[];
  /** Index of the unit to which a row of a group belongs. */
  unitOf(group: number, row: number): number | undefined;
}

/** Changes of one shape, their values column by column: each column becomes one array parameter. */
interface Group {
  change: Change;
  columns: (string | number | null)[][];
  units: number[];
  /** An entry of the chain: a taken number must fail as such. */
  chained: boolean;
}

/** For compiling only; it has no connection. */
const postgresCompiler = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/**
 * All units as one statement, so one round trip and one implicit transaction: a data-modifying CTE for each shape
 * of change, over arrays, so that the SQL does not depend on how many units there are. The last part makes the
 * statement fail as a whole, naming the rows, when a key was taken or a guard did not match exactly one row.
 *
 * Sound only for units of inserts and `expect: 'one'` updates: all parts see the state before the statement,
 * so a row that two parts touch is counted short, and the statement fails rather than lose one of the two.
 */
export function oneStatement(units: readonly HotUnit[], head: ChainHead): OneStatement {
  const groups = collect(units);
  const audited = units.some((unit) => unit.audit.length > 0);
  const shapes = [...groups.keys()].toSorted();
  const ordered = shapes.flatMap((shape) => groups.get(shape) ?? []);
  const cacheKey = shapes.join('\n');
  let compiled = statements.get(cacheKey);
  if (compiled === undefined) {
    compiled = { ...compile(ordered, audited), name: named < maxNamed ? `postern_${(named += 1)}` : undefined };
    statements.set(cacheKey, compiled);
  }
  const values: unknown[] = [head.seq, head.hash, ...ordered.flatMap((group) => group.columns)];
  return {
    name: compiled.name,
    sql: compiled.sql,
    parameters: compiled.slots.map((slot) => values[slot]),
    unitOf: (group, row) => ordered[group]?.units[row - 1],
  };
}

/** A connection keeps a prepared statement until it ends, so there must be an end to them. */
const maxNamed = 100;
let named = 0;
const statements = new LRUCache<string, { name: string | undefined; sql: string; slots: number[] }>({ max: 200 });

function collect(units: readonly HotUnit[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  const add = (change: Change, unit: number, chained: boolean) => {
    const { shape, values } = shapeOf(change);
    const key = chained ? `chained ${shape}` : shape;
    let group = groups.get(key);
    if (group === undefined) {
      group = { change, columns: values.map(() => []), units: [], chained };
      groups.set(key, group);
    }
    for (const [index, value] of values.entries()) group.columns[index]?.push(value);
    group.units.push(unit);
  };
  for (const [index, unit] of units.entries()) {
    for (const change of unit.changes) add(change, index, false);
    for (const { row, text } of unit.audit) {
      add(insert('audit', row), index, true);
      if (text !== null) add(insert('audit_texts', text), index, true);
    }
  }
  return groups;
}

/** Slot 0 and 1 are the head; the columns of the groups follow in order. */
function compile(groups: readonly Group[], audited: boolean): { sql: string; slots: number[] } {
  let slot = 2;
  const parts: RawBuilder<unknown>[] = [];
  const failures: RawBuilder<unknown>[] = [];
  for (const [index, group] of groups.entries()) {
    const { source, write, failed } = partsOf(index, group, () => slot++);
    parts.push(source, write);
    if (failed !== undefined) failures.push(failed);
  }
  if (audited) failures.push(headMoved);
  const failed = failures.length === 0 ? sql`select null as place where false` : sql.join(failures, sql` union all `);
  const query = sql`with ${sql.join(parts)} select cast(coalesce(${sql.lit(`${guardMark} `)} ||
    (select string_agg(place, ',' order by place desc) from (${failed}) as failed), '0') as integer)`;
  const compiled = query.compile(postgresCompiler);
  return { sql: compiled.sql, slots: compiled.parameters.map(Number) };
}

/** True failure of nobody's guard: the chain goes on elsewhere (another node, a restored backup). */
const headMoved = sql`select 'head' as place where not exists (
  select 1 from audit where seq = ${0} and hash = ${1}
  union all select 1 from meta where ${0}::bigint = 0 and key = 'chain_id' and value = ${1})`;

interface Parts {
  source: RawBuilder<unknown>;
  write: RawBuilder<unknown>;
  failed: RawBuilder<unknown> | undefined;
}

function partsOf(index: number, group: Group, nextSlot: () => number): Parts {
  const { change } = group;
  const { key, columns } = tableOf(change.table);
  const values = sql.raw(`v${index}`);
  const written = sql.raw(`w${index}`);
  const arrays: RawBuilder<unknown>[] = [];
  const names: RawBuilder<unknown>[] = [];
  const place = sql`${sql.lit(`${index}:`)} || v.n as place`;
  /** Adds one array parameter and returns the name of its column in the source. */
  const take = (column: string) => {
    const name = sql.raw(`c${arrays.length}`);
    arrays.push(sql`${nextSlot()}::${sql.raw(columns[column]?.startsWith('integer') ? 'bigint[]' : 'text[]')}`);
    names.push(name);
    return name;
  };
  const source = () =>
    sql`${values} as (select * from unnest(${sql.join(arrays)}) with ordinality as v(${sql.join([...names, sql.raw('n')])}))`;

  if (change.kind === 'insert') {
    const into = Object.keys(change.row);
    const taken = new Map(into.map((column) => [column, take(column)]));
    const lines = sql`insert into ${sql.table(change.table)} (${sql.join(into.map((column) => sql.ref(column)))})
      select ${sql.join([...taken.values()])} from ${values}`;
    if (group.chained) return { source: source(), write: sql`${written} as (${lines})`, failed: undefined };
    const match = key.map((column) => sql`w.${sql.ref(column)} = v.${taken.get(column) ?? sql.raw('null')}`);
    return {
      source: source(),
      write: sql`${written} as (${lines} on conflict do nothing returning ${sql.join(key.map((column) => sql.ref(column)))})`,
      failed: sql`select ${place} from ${values} as v where not exists (select 1 from ${written} as w where ${sql.join(match, sql` and `)})`,
    };
  }

  if (change.kind === 'delete') throw new TypeError('a delete is not for this path');
  const set = Object.keys(change.set).map((column) => sql`${sql.ref(column)} = v.${take(column)}`);
  const conditions = Object.entries(change.where).flatMap(([column, condition]) => {
    const target = sql`t.${sql.ref(column)}`;
    return comparisons(condition).map(({ operator, value }) =>
      value === null ? sql`${target} is null` : sql`${target} ${sql.raw(operator)} v.${take(column)}`,
    );
  });
  return {
    source: source(),
    write: sql`${written} as (update ${sql.table(change.table)} as t set ${sql.join(set)} from ${values} as v
      where ${sql.join(conditions, sql` and `)} returning v.n)`,
    failed: sql`select ${place} from ${values} as v left join ${written} as w on w.n = v.n group by v.n having count(w.n) <> 1`,
  };
}
