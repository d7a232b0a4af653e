import { useSyncExternalStore } from 'react';
import type { StepUpAnswer, StepUpWay } from '@postern/shared/protocol/step-up';
import { Refusal } from '../../api/refusal.ts';
import { t } from '../../strings/index.ts';

/** A proof that somebody is asked for now. */
export interface Asking {
  ways: readonly StepUpWay[];
  sentence: string;
  withPasskey: () => Promise<StepUpAnswer>;
  answer: (proof: StepUpAnswer) => void;
  cancel: () => void;
}

let asking: Asking | undefined;
const listeners = new Set<() => void>();

function show(next: Asking | undefined): void {
  asking = next;
  for (const listener of listeners) listener();
}

/** Opens the dialog (proof-dialog.tsx, once in the page) and waits for the person. */
export function askForProof(what: Pick<Asking, 'ways' | 'sentence' | 'withPasskey'>): Promise<StepUpAnswer> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      show(undefined);
      settle();
    };
    show({
      ...what,
      answer: (proof) => end(() => resolve(proof)),
      cancel: () => end(() => reject(new Refusal(t.common.proof.cancelled, 0))),
    });
  });
}

/** What is asked for now, to the dialog. */
export function useAsking(): Asking | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asking,
  );
}
