import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Who may import whom. Each rule says why, because the reason is what a failing test should tell. */

const capabilities = [
  'verify',
  'enrollment',
  'devices',
  'attestation',
  'replay',
  'policy',
  'exceptions',
  'tokens',
  'device-codes',
  'gateways',
  'audit',
  'identity',
  'releases',
  'brakes',
  'step-up',
  'notify',
  'signals',
  'reviews',
  'analytics',
  'overview',
  'live',
  'storage',
  'http',
];

/** Types and constructors that everything stands on; a capability's other files are its own. */
const foundations =
  '^server/src/(http/(route|caller|authenticators|step-up)|storage/(store|write-error|change|database|prepared-query|find-named|text-like|end-of-window)|audit/(event|chain)|policy/(types|current|epoch)|tokens/(nonces|signing-keys))\\.ts$';

/** From the top down. A capability may import those below it. */
const layers = [
  'verify',
  'overview',
  'live',
  'settings',
  'search',
  'views',
  'enrollment',
  'attestation',
  'replay',
  'signals',
  'notify',
  'analytics',
  'reviews',
  'exceptions',
  'tokens',
  'device-codes',
  'gateways',
  'brakes',
  'devices',
  'policy',
  'releases',
  'identity',
  'step-up',
  'audit',
  'storage',
];

const testFiles = '(\\.test\\.ts$|/testing/)';

function reachesThroughIndex(): IForbiddenRuleType[] {
  return capabilities.map((name) => ({
    name: `${name}-through-its-index`,
    comment: `Other capabilities reach ${name} through its index only.`,
    severity: 'error',
    from: {
      path: '^server/src/',
      pathNot: [`^server/src/${name}/`, testFiles, '^server/src/(app|start|deps|main)\\.ts$', '^server/src/cli/'],
    },
    to: { path: `^server/src/${name}/`, pathNot: [`^server/src/${name}/index\\.ts$`, foundations] },
  }));
}

const consoleTests = '\\.test\\.ts$';

/** The console: screens stand on parts, parts on what reads the API, and everything on the catalogue. */
const consoleRules: IForbiddenRuleType[] = [
  {
    name: 'screens-stand-apart',
    comment: 'A screen can be deleted without another one noticing: what two need is a part.',
    severity: 'error',
    from: { path: '^server/console/src/screens/([^/]+)/' },
    to: { path: '^server/console/src/screens/', pathNot: '^server/console/src/screens/$1/' },
  },
  {
    name: 'parts-know-no-screen',
    comment: 'Arrows point down: app → screens → parts → api → strings.',
    severity: 'error',
    from: { path: '^server/console/src/(parts|api|strings)/' },
    to: { path: '^server/console/src/screens/' },
  },
  {
    name: 'catalogue-is-the-bottom',
    comment: 'The catalogue is text: a language is added without touching anything.',
    severity: 'error',
    from: { path: '^server/console/src/strings/' },
    to: { path: '.', pathNot: '^server/console/src/strings/' },
  },
  {
    name: 'console-speaks-the-protocol',
    comment:
      'The console knows the backend by its API only; of the protocol it imports types, whose library stays out of the browser.',
    severity: 'error',
    from: { path: '^server/console/src/', pathNot: consoleTests },
    to: {
      path: '^(server/src|agent|shared/src/(protocol|ids|checks))',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'console-knows-no-backend',
    comment: 'Not even its types: what the two share is in shared.',
    severity: 'error',
    from: { path: '^server/console/' },
    to: { path: '^(server/src|agent|test)/' },
  },
];

export const forbidden: IForbiddenRuleType[] = [
  ...consoleRules,
  { name: 'no-circle', comment: 'Arrows point down.', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no-orphan-import',
    comment: 'What is imported exists.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'agent-and-server-apart',
    comment: 'Agent and server speak the protocol and share nothing else.',
    severity: 'error',
    from: { path: '^agent/' },
    to: { path: '^server/' },
  },
  {
    name: 'server-and-agent-apart',
    comment: 'Agent and server speak the protocol and share nothing else.',
    severity: 'error',
    from: { path: '^server/' },
    to: { path: '^agent/' },
  },
  {
    name: 'shared-is-the-bottom',
    comment: 'shared imports neither side.',
    severity: 'error',
    from: { path: '^shared/' },
    to: { path: '^(agent|server|test)/' },
  },
  {
    name: 'shared-is-light',
    comment: 'shared goes into the browser too: zod and canonicalize only; digest.ts alone uses node:crypto.',
    severity: 'error',
    from: { path: '^shared/src/', pathNot: ['digest\\.ts$', '^shared/src/gateway/', testFiles] },
    to: { path: '.', pathNot: ['^shared/', 'node_modules/(zod|canonicalize)/'] },
  },
  {
    name: 'gateway-library-knows-no-framework',
    comment: 'The gateway library runs in applications of others: zod, jose and Node; of frameworks the types alone.',
    severity: 'error',
    from: { path: '^shared/src/gateway/', pathNot: testFiles },
    to: {
      path: '.',
      pathNot: ['^shared/', '^(node:)?(crypto|http)$', 'node_modules/(zod|jose)/'],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'gateway-library-stands-apart',
    comment: 'Nothing else of shared uses the gateway library: shared goes into the browser too.',
    severity: 'error',
    from: { path: '^shared/src/', pathNot: ['^shared/src/gateway/', testFiles] },
    to: { path: '^shared/src/gateway/' },
  },
  {
    name: 'nobody-imports-test',
    comment: 'test is the top.',
    severity: 'error',
    from: { path: '^(agent|server|shared)/' },
    to: { path: '^test/' },
  },
  {
    name: 'product-does-not-use-fakes',
    comment: 'Fakes are for tests.',
    severity: 'error',
    from: { path: '^(agent|server|shared)/src/', pathNot: testFiles },
    to: { path: '/testing/' },
  },
  {
    name: 'deciding-is-pure',
    comment: 'policy, lifecycles and decisions take facts and now as arguments: no clock, file, network or database.',
    severity: 'error',
    from: {
      path: '^server/src/(policy/(evaluate|judge|waive|failing-since|compile|types|drafts/lifecycle|drafts/record)|exceptions/(lifecycle/(lifecycle|may-decide|narrow|tally|stricter|record)|asking/terms|plan/(approval-plan|decide-plan|risk|conditions))|devices/(lifecycle|standing)|replay/(comparison|outlook|project|replay-device)|attestation/history|signals/(trust|occurrences|reasons|signal)|tokens/(decide|requirements|client-attestation/attestable))\\.ts$',
    },
    to: {
      path: '(^(node:)?(fs|net|http|https|child_process|worker_threads|timers|dns|crypto)(/|$)|node_modules/(pg|kysely|better-sqlite3|express)/|^server/src/(storage/(?!database)|http/))',
    },
  },
  {
    name: 'drivers-only-in-storage',
    comment: 'Only storage knows which database there is.',
    severity: 'error',
    from: { path: '^server/src/', pathNot: ['^server/src/storage/', testFiles] },
    to: { path: 'node_modules/(@types/)?(pg|better-sqlite3)/' },
  },
  {
    name: 'express-only-in-http',
    comment: 'Routes are data; one adapter serves them.',
    severity: 'error',
    from: { path: '^server/src/', pathNot: ['^server/src/http/'] },
    to: { path: 'node_modules/(@types/)?express/' },
  },
  {
    name: 'one-child-process',
    comment: 'Collectors start programs through the one place that bounds them.',
    severity: 'error',
    from: { path: '^agent/src/', pathNot: ['collect/real-system\\.ts$', testFiles] },
    to: { path: '^(node:)?child_process$' },
  },
  ...reachesThroughIndex(),
  ...layers.map((name, index): IForbiddenRuleType => ({
    name: `${name}-looks-down`,
    comment: `${name} imports only what stands below it: ${layers.slice(index + 1).join(', ') || 'nothing'}.`,
    severity: 'error',
    from: { path: `^server/src/${name}/`, pathNot: testFiles },
    to: {
      path: `^server/src/(${['app', 'start', 'main', 'cli', ...layers.slice(0, index)].join('|')})(/|\\.ts)`,
      pathNot: foundations,
    },
  })),
];
