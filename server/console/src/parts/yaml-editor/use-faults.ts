import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { Refusal } from '../../api/refusal.ts';
import { type DocumentFault, readFaults } from './faults.ts';

/** What the backend says of a text that is being written. */
export interface Looked<Trial> {
  /** Undefined: nobody has looked yet. */
  faults: readonly DocumentFault[] | undefined;
  /** What it would be, when nothing is wrong. */
  trial: Trial | undefined;
  /** The answer is about what stands there now. */
  isCurrent: boolean;
}

const pause = 400;

/**
 * Asks the backend what is wrong with a text, whenever somebody pauses.
 *
 * @param path where it is tried; @param body how it is sent
 */
export function useFaults<Trial>(
  path: string,
  text: string,
  body: (text: string) => object,
  { enabled = true } = {},
): Looked<Trial> {
  const [settled] = useDebouncedValue(text, pause);
  const { data, isPlaceholderData } = useQuery<Answer<Trial>>({
    queryKey: ['tried', path, settled],
    enabled: enabled && settled.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    queryFn: ({ signal }) => look<Trial>(path, body(settled), signal),
  });
  return {
    faults: data?.faults,
    trial: data?.trial,
    isCurrent: data !== undefined && !isPlaceholderData && settled === text,
  };
}

interface Answer<Trial> {
  faults: readonly DocumentFault[];
  trial: Trial | undefined;
}

async function look<Trial>(path: string, body: object, signal: AbortSignal): Promise<Answer<Trial>> {
  try {
    return { faults: [], trial: await call<Trial>('POST', path, body, signal) };
  } catch (refusal) {
    // What else may be refused, e.g. for being too often, is no fault of the text.
    if (refusal instanceof Refusal && refusal.status === 400) {
      const details = refusal.details.length > 0 ? refusal.details : [{ message: refusal.message }];
      return { faults: readFaults(details), trial: undefined };
    }
    throw refusal;
  }
}
