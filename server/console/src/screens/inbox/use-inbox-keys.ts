import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import { useSingleKeys } from '../../parts/single-keys.ts';

interface Acts {
  items: readonly WaitingRequest[];
  approve: (request: WaitingRequest) => void;
  deny: (request: WaitingRequest) => void;
  toggle: (id: string) => void;
  clear: () => void;
  help: () => void;
}

/**
 * Works the inbox by keyboard. The focus goes along, so that whoever cannot see the mark is where it is.
 *
 * @returns the id of the request that the keys are about
 */
export function useInboxKeys({ items, approve, deny, toggle, clear, help }: Acts): string | undefined {
  const [place, setPlace] = useState<{ id: string; index: number }>();
  const navigate = useNavigate();
  const found = items.findIndex(({ id }) => id === place?.id);
  // What was decided is gone: the one that took its place is next.
  const index = found === -1 ? (place === undefined ? -1 : Math.min(place.index, items.length - 1)) : found;
  const current = items[index];
  const go = (to: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, to))];
    if (next === undefined) return;
    setPlace({ id: next.id, index: items.indexOf(next) });
    document.querySelector<HTMLElement>(`[data-request="${CSS.escape(next.id)}"]`)?.focus();
  };
  const onCurrent = (act: (request: WaitingRequest) => void) => () => {
    if (current !== undefined) act(current);
  };
  useSingleKeys({
    j: () => go(index + 1),
    k: () => go(index - 1),
    enter: onCurrent(({ id }) => void navigate({ to: '/exceptions/$id', params: { id } })),
    a: onCurrent((request) => {
      if (request.mayDecide.approve.may) approve(request);
    }),
    r: onCurrent((request) => {
      if (request.mayDecide.deny.may) deny(request);
    }),
    x: onCurrent(({ id }) => toggle(id)),
    escape: clear,
    '?': help,
  });
  return current?.id;
}
