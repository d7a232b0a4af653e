import type { Scope } from '../../parts/mine/scope.ts';
import type { Request } from './wish.ts';

/** What a request is for, as exceptions say it. */
export function scopeOf(request: Request): Scope {
  return 'rules' in request
    ? { rules: request.rules, resources: request.resources, role: null }
    : { rules: [], resources: [request.resource], role: request.role };
}
