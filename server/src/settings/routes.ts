import { readerRoles } from '@postern/shared/protocol/admin';
import { installationSchema } from '@postern/shared/protocol/settings';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { type InstallationDeps, readInstallation } from './installation.ts';

/** What this installation is, to whoever reads what concerns everybody. It is changed where it is configured, not here. */
export function settingsRoutes(deps: InstallationDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/v1/admin/settings',
      summary: 'What this installation is and how it is configured, without anything secret',
      audience: 'person',
      roles: readerRoles,
      rate: 'admin',
      replies: { 200: installationSchema },
      errors: [],
      async handle({ now }) {
        return { status: 200, body: await readInstallation(deps, now) };
      },
    }),
  ];
}
