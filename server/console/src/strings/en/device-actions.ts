import { plural } from '../plural.ts';

/** What an admin can do with a device, and what ends with it. */
export const actions = {
  reason: 'Reason, for the record',
  hits: (person: string) => `This hits ${person}.`,
  exceptions: (count: number) =>
    count === 0
      ? ''
      : `${plural(count, 'exception')} in force ${count === 1 ? 'does' : 'do'} not help until it is back.`,
  exceptionsEnd: (count: number) =>
    count === 0 ? '' : `${plural(count, 'exception')} in force ${count === 1 ? 'is' : 'are'} of no use any more.`,
  requests: (count: number) =>
    count === 0
      ? ''
      : `${plural(count, 'request')} that ${count === 1 ? 'waits' : 'wait'} for a decision ${count === 1 ? 'is' : 'are'} of no use any more.`,
  tokensEnd: (count: number, isMore: boolean) =>
    count === 0
      ? 'It has no access token that is not over.'
      : `${isMore ? 'At least ' : ''}${plural(count, 'access token')} that it has ${count === 1 ? 'ends' : 'end'} at once.`,
  admit: {
    button: 'Admit',
    title: (name: string) => `Admit ${name}?`,
    text: 'It may report from then on, and gets access where policies allow.',
    done: 'Admitted.',
  },
  suspend: {
    button: 'Suspend',
    title: (name: string) => `Suspend ${name}?`,
    text: 'It gets no access until somebody resumes it.',
    done: 'Suspended.',
  },
  resume: {
    button: 'Resume',
    title: (name: string) => `Resume ${name}?`,
    text: 'It may report and gets access again where policies allow.',
    done: 'Resumed.',
  },
  release: {
    button: 'Release',
    title: (name: string) => `Release ${name} from quarantine?`,
    text: 'Whoever holds the key may report again, and gets access after the next report. Do it when you know why there were two histories.',
    done: 'Released. The next report begins a fresh history.',
  },
  retire: {
    button: 'Retire',
    title: (name: string) => `Retire ${name} for good?`,
    text: 'Its key is never accepted again. This cannot be undone: to come back, the machine enrolls anew.',
    done: 'Retired.',
  },
};
