import { Outlet } from '@tanstack/react-router';
import { t } from '../strings/index.ts';

/** Around everything: the way past the navigation for who does not point. */
export function Root() {
  return (
    <>
      <a className="skip-link" href="#content">
        {t.shell.skip}
      </a>
      <Outlet />
    </>
  );
}
