import type { Logger } from 'pino';

/** Work that is done again and again beside the requests. Nothing decides by it: it tidies and announces. */
export interface Job {
  name: string;
  everyMs: number;
  run(): Promise<void>;
  /** For work that also begins by itself, woken by something: begins it no more. */
  stop?(): Promise<void>;
}

export interface RunningJobs {
  /** Runs one now, or waits for the run that is under way. Rejects with its error. */
  run(name: string): Promise<void>;
  /** Starts no more, and waits for those that are under way. */
  stop(): Promise<void>;
}

/** Starts each job's first run one interval from now; a run begins only when the last has ended, and its error is logged. */
export function startJobs(
  jobs: readonly Job[],
  log: Pick<Logger, 'error'>,
  countFailure: (name: string) => void = () => undefined,
): RunningJobs {
  const underWay = new Map<string, Promise<void>>();
  const timers: NodeJS.Timeout[] = [];
  const start = (job: Job): Promise<void> => {
    const running = underWay.get(job.name) ?? job.run().finally(() => underWay.delete(job.name));
    underWay.set(job.name, running);
    return running;
  };
  for (const job of jobs) {
    const timer = setInterval(
      () =>
        void start(job).catch((error: unknown) => {
          log.error({ job: job.name, err: error }, 'job failed');
          countFailure(job.name);
        }),
      job.everyMs,
    );
    // A job is no reason to keep a process alive.
    timers.push(timer.unref());
  }
  return {
    run: (name) => {
      const job = jobs.find((each) => each.name === name);
      return job === undefined ? Promise.reject(new Error(`there is no job ${name}`)) : start(job);
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.allSettled([...underWay.values(), ...jobs.map((job) => job.stop?.())]);
    },
  };
}
