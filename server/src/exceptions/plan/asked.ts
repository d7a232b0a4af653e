import type { ExceptionKind } from '@postern/shared/protocol/exception';
import type { RuleReference } from '../../policy/types.ts';

/** What is asked for, as far as it decides what it takes. */
export interface Asked {
  kind: ExceptionKind;
  /** Name of the template; undefined: none (access: the first that the resource names). */
  template: string | undefined;
  rules: readonly RuleReference[];
  resources: readonly string[];
  role: string | null;
  durationMs: number;
  reasonCode?: string | undefined;
  ticket?: string | undefined;
  /** Of the chain of extensions, this one not counted. */
  renewals: number;
  /** It takes the place of what it extends, which is for people to decide. */
  isExtension?: boolean | undefined;
  /** The request, where it is there already: it is not counted among those before it. */
  exception?: string | undefined;
}
