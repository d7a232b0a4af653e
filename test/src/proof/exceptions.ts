import { explore } from '@postern/server/exceptions/testing/exhaustive';

/** As long as the histories are that are all gone through; `npm test` goes one happening less far. */
const depth = 7;

/** Every history of a small world, with the rules of the design held after every happening. */
export async function proveExceptions({ say }: { say: (line: string) => void }): Promise<boolean> {
  const started = performance.now();
  const { histories, worlds, tried, reached, broken } = explore(depth);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  say(
    `${histories} histories of up to ${depth} happenings, ${worlds} different worlds, ${tried} happenings tried, ${seconds} s`,
  );
  say([...reached].map(([state, times]) => `${state} ${times}`).join(', '));
  if (broken !== undefined) say(`${broken.history.join('; ')}: ${broken.rules.join('; ')}`);
  return Promise.resolve(broken === undefined);
}
