/** What is counted and shown of signals. */
export interface SignalMetrics {
  signalsHandedOver(method: 'push' | 'poll', outcome: 'taken' | 'refused' | 'failed', count: number): void;
  /** What waits, of all streams that there are. */
  signalsWaiting(streams: readonly { stream: string; waiting: number; lagSeconds: number }[]): void;
}
