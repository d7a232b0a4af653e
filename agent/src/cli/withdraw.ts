import { withdrawException } from '../backend/exceptions.ts';
import { exceptionEnding } from './exception-ending.ts';

export const withdrawCommand = exceptionEnding({
  name: 'withdraw',
  summary: 'take a request for an exception back',
  description: 'Takes a request back before somebody has decided it.',
  outcome: 'nobody needs to decide it any more',
  end: withdrawException,
});
