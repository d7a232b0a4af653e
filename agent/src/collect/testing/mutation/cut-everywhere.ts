import { textOf } from './spoil.ts';
import type { Call } from './calls.ts';
import { judgeSpoilt, newTally, type Staged, type Tally } from './run-scene.ts';

/** Longer answers are cut at so many places at most, as far apart as that needs. */
const mostCuts = 3000;

/** Each answer of the machine cut at every place, one after the other. */
export async function cutEverywhere(staged: Staged, most = mostCuts): Promise<Tally> {
  const tally = newTally(staged.name);
  for (const call of staged.calls) {
    const text = textOf(call)?.text ?? '';
    const stride = Math.max(1, Math.ceil(text.length / most));
    for (let length = 1; length < text.trimEnd().length; length += stride) {
      const name = text[length - 1] === '\n' || text[length] === '\n' ? 'cut at a line end' : 'cut inside a line';
      const mutation = { name, breaks: 'form' } as const;
      await judgeSpoilt(staged, [{ call: withText(call, text.slice(0, length)), mutation }], tally);
    }
  }
  return tally;
}

function withText(call: Call, text: string): Call {
  if (call.what === 'run' && call.answer.outcome === 'exited') {
    return { ...call, answer: { ...call.answer, stdout: text } };
  }
  return call.what === 'readFile' ? { ...call, answer: { outcome: 'read', text } } : call;
}
