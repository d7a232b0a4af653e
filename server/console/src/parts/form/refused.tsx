import { sentenceOf } from '../../api/refusal.ts';
import { t } from '../../strings/index.ts';
import { Problem } from '../problem.tsx';

/** Why something was not done, beside the button that asked for it. Nothing while nothing was refused. */
export function Refused({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  // Whatever the refusal is, only this was refused: the sentence stands here, and takes no page's place.
  return <Problem error={new Error(sentenceOf(error))} title={t.common.wentWrong} />;
}
