import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { buildApp } from './app.ts';
import { openDeps } from './open-deps.ts';
import { start } from './start.ts';
import { testConfig } from './testing/test-config.ts';
import { verifyRoutes } from './verify/index.ts';

const folder = new URL('../../docs/monitoring/', import.meta.url);

const annotations = z.strictObject({ summary: z.string().min(10), description: z.string().min(20) });
const labels = z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) });
const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      interval: z.string().optional(),
      rules: z.array(
        z.union([
          z.strictObject({ record: z.string(), expr: z.string() }),
          z.strictObject({ alert: z.string(), expr: z.string(), for: z.string().optional(), labels, annotations }),
        ]),
      ),
    }),
  ),
});

const dashboardSchema = z.object({
  uid: z.string(),
  title: z.string(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), definition: z.string().optional() })) }),
  panels: z.array(
    z.object({
      id: z.int(),
      type: z.string(),
      title: z.string(),
      gridPos: z.object({ x: z.int().min(0), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
});

const groups = rulesSchema.parse(parse(readFileSync(new URL('postern.rules.yml', folder), 'utf8'))).groups;
const rules = groups.flatMap((group) => group.rules);
const dashboard = dashboardSchema.parse(JSON.parse(readFileSync(new URL('grafana-dashboard.json', folder), 'utf8')));
const inDashboard = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
];
const expressions = [...rules.map(({ expr }) => expr), ...inDashboard];

/** Strings out, so that what is left is PromQL by itself. */
const bare = (expr: string) => expr.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');

/** Names that stand where only a metric or a recorded one can: they have a prefix, or a colon, and are no label. */
function metricsIn(expr: string): string[] {
  return bare(expr).match(/\b(?:(?:postern|nodejs|process)_\w+|postern:[\w:]+)/g) ?? [];
}

/** What a server of its own exports, with the suffixes that histograms have. */
async function exported(url: string): Promise<Set<string>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const names = new Set<string>();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const own = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name];
    for (const each of own) names.add(each);
  }
  return names;
}

describe('docs/monitoring', () => {
  let metrics: Set<string>;
  const routes = new Set<string>();

  before(async () => {
    const config = testConfig({ after } as unknown as Parameters<typeof testConfig>[0]);
    const server = await start(config);
    metrics = await exported(server.url);
    await server.stop();
    const deps = await openDeps(config);
    // What gateways ask is served, and in no document.
    for (const { path } of [...buildApp(deps, () => false).routes, ...verifyRoutes(deps)]) routes.add(path);
    await deps.store.close();
  });

  test('names no metric that a server does not export', () => {
    const recorded = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
    const named = new Set(expressions.flatMap(metricsIn));
    assert.ok(named.size > 12);
    for (const name of named) assert.ok(metrics.has(name) || recorded.has(name), `${name} is exported by nobody`);
    for (const name of recorded)
      assert.ok(named.has(name) || /_5m$|ratio5m$|rate5m$/.test(name), `${name} is of no use`);
  });

  test('shows or watches every metric of ours', () => {
    const named = new Set(expressions.flatMap(metricsIn));
    const families = [...metrics].filter((name) => name.startsWith('postern_') && !/_(sum|bucket)$/.test(name));
    for (const name of families) assert.ok(named.has(name), `${name} is in neither file`);
  });

  test('names no route that is not served', () => {
    const named = expressions.flatMap((expr) => [...expr.matchAll(/route(=~?)"([^"]+)"/g)]);
    assert.ok(named.length > 3);
    for (const [, operator, value = ''] of named) {
      for (const pattern of operator === '=~' ? value.split('|') : [value]) {
        const matches = operator === '=~' ? new RegExp(`^(?:${pattern})$`) : undefined;
        assert.ok(
          [...routes].some((path) => matches?.test(path) ?? path === pattern),
          `no route is ${pattern}`,
        );
      }
    }
  });

  test('has expressions whose brackets belong together and whose words PromQL knows', () => {
    const words = new Set(
      'sum max min by le or on vector time rate increase histogram_quantile label_values'.split(' '),
    );
    for (const expr of expressions) {
      const open: string[] = [];
      const pairs = new Map([
        [')', '('],
        [']', '['],
        ['}', '{'],
      ]);
      for (const character of bare(expr)) {
        if ('([{'.includes(character)) open.push(character);
        else if (pairs.has(character)) assert.equal(open.pop(), pairs.get(character), expr);
      }
      assert.deepEqual(open, [], expr);
      // A word before a bracket is a function or an operator: one that is misspelt is found here.
      for (const [, word = ''] of bare(expr).matchAll(/\b([a-z_]+)\s*\(/g))
        assert.ok(words.has(word), `${word} in ${expr}`);
    }
  });

  test('has alerts with names of their own, and panels that do not cover one another', () => {
    const alerts = rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : []));
    assert.ok(alerts.length > 10);
    assert.equal(new Set(alerts).size, alerts.length);
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      assert.ok(gridPos.x + gridPos.w <= 24, title);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          assert.ok(!taken.has(`${x}/${y}`), `${title} covers another`);
          taken.add(`${x}/${y}`);
        }
      }
    }
  });
});
