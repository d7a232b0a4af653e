import { relinquishException } from '../backend/exceptions.ts';
import { exceptionEnding } from './exception-ending.ts';

export const relinquishCommand = exceptionEnding({
  name: 'relinquish',
  summary: 'opt back in: end an exception before its time',
  description: 'Ends an exception that is in force. Its rules count again at once.',
  outcome: 'the rules count again',
  end: relinquishException,
});
