import { explore } from '@postern/server/exceptions/testing/exhaustive';
import { type Scene, unasked, usual } from '@postern/server/exceptions/testing/world';

/** As long as the histories are that are all gone through; `npm test` goes a happening or two less far. */
const depth = 7;

/** Every history of the small worlds, with the rules of the design held after every happening. */
export async function proveExceptions({ say }: { say: (line: string) => void }): Promise<boolean> {
  const kept = [prove('people decide', usual, say), prove('nobody has to decide', unasked, say)];
  return Promise.resolve(kept.every(Boolean));
}

function prove(where: string, scene: Scene, say: (line: string) => void): boolean {
  const started = performance.now();
  const { histories, worlds, tried, reached, broken } = explore(depth, scene);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  say(
    `Where ${where}: ${histories} histories of up to ${depth} happenings, ${worlds} different worlds, ${tried} happenings tried, ${seconds} s`,
  );
  say([...reached].map(([state, times]) => `${state} ${times}`).join(', '));
  if (broken !== undefined) say(`${broken.history.join('; ')}: ${broken.rules.join('; ')}`);
  return broken === undefined;
}
