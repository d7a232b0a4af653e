import { useNavigate, useSearch } from '@tanstack/react-router';

/**
 * Filters that stand in the address: a link to what somebody sees shows the same to somebody else, and Back goes back.
 *
 * @param names the parameters that this screen reads; others are left alone
 */
export function useSearchState<Name extends string>(names: readonly Name[]) {
  const search: Readonly<Record<string, string | undefined>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const value = Object.fromEntries(names.map((name) => [name, search[name]])) as Readonly<
    Record<Name, string | undefined>
  >;
  const change = (some: Partial<Record<Name, string | undefined>>) =>
    void navigate({ to: '.', search: { ...search, ...some }, replace: true });
  const clear = () =>
    change(Object.fromEntries(names.map((name) => [name, undefined])) as Partial<Record<Name, undefined>>);
  const isFiltered = names.some((name) => value[name] !== undefined);
  return { value, change, clear, isFiltered };
}
