import { useRouter } from '@tanstack/react-router';
import type { ComponentType, MouseEvent } from 'react';

type Icon = ComponentType<{ size?: number | string; stroke?: number | string }>;

/** Something that the palette leads to or does. */
export interface Action {
  id: string;
  label: string;
  description?: string;
  icon: Icon;
  go: (event: MouseEvent) => void;
}

/** Actions that belong together. */
export interface ActionGroup {
  label: string;
  actions: Action[];
}

/** Goes to a path of the console, or opens it beside. */
export function useGo() {
  const router = useRouter();
  return (path: string) => (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey) window.open(`/console${path}`, '_blank', 'noopener');
    else void router.navigate({ to: path });
  };
}
