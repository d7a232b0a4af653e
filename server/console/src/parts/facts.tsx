import { Fragment, type ReactNode } from 'react';
import classes from './facts.module.css';

/** Terms and what they are; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [term: string, value: ReactNode])[] }) {
  return (
    <dl className={classes['facts']}>
      {facts.map(([term, value]) =>
        value === null || value === undefined || value === '' ? null : (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
