/** `npm run bench [name] [-- options]`: without a name, tokens and attestations a second. Each file says its options. */
const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  tokens: () => import('./tokens.ts'),
  collect: () => import('./collect.ts'),
  replay: () => import('./replay.ts'),
  policy: () => import('./policy.ts'),
  audit: () => import('./audit.ts'),
  lists: () => import('./lists.ts'),
  console: () => import('./console.ts'),
};

const [, , given] = process.argv;
const named = given !== undefined && !given.startsWith('-');
const bench = benches[named ? given : 'tokens'];
if (bench === undefined) {
  console.error(`There is no bench ${given ?? ''}. There are: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
if (named) process.argv.splice(2, 1);
await bench();
