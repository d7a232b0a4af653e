import type { SearchAnswer } from '@postern/shared/protocol/search';
import { t } from '../strings/index.ts';

/** Something that was found, and the way to it. */
export interface FoundPlace {
  path: string;
  label: string;
  description: string;
}

/** Where the things lead that a search found, by kind. */
export function placesOf({ people, devices, exceptions }: SearchAnswer): Record<keyof SearchAnswer, FoundPlace[]> {
  const words = t.shell;
  return {
    people: people.map(({ id, name, email, active }) => ({
      path: `/people/${id}`,
      label: name,
      description: active ? email : words.leftPerson(email),
    })),
    devices: devices.map(({ id, name, owner, state }) => ({
      path: `/devices/${id}`,
      label: name,
      description: `${words.ofPerson(owner)} · ${t.common.standing.device[state]}`,
    })),
    exceptions: exceptions.map(({ id, kind, state, person, device }) => ({
      path: `/exceptions/${id}`,
      label: words.foundException(person, device),
      description: `${words.foundKinds[kind]} · ${t.common.standing.exception[state]}`,
    })),
  };
}
