import { idSchema } from '@postern/shared/ids';
import { UsageError } from './failure.ts';

const shape = idSchema('exception');

/** @throws UsageError if it is not the form of an exception's id */
export function readExceptionId(text: string): string {
  const parsed = shape.safeParse(text);
  if (!parsed.success) throw new UsageError('That is not the id of an exception. See: postern-agent status');
  return parsed.data;
}
