import { useMemo, useState } from 'react';
import type { Query } from '../../api/call.ts';
import { useNow } from '../../parts/now.ts';
import { type AuditSearch, queryOf } from './filter.ts';

/** What the backend is asked. A period begins when it is chosen: the question must not change with every moment. */
export function useQuestion(search: AuditSearch): Query {
  const address = JSON.stringify(search);
  const now = useNow(60);
  const [asked, ask] = useState({ address, now });
  if (asked.address !== address) ask({ address, now });
  return useMemo(() => queryOf(JSON.parse(asked.address) as AuditSearch, asked.now), [asked]);
}
