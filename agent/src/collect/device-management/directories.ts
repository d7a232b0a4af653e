import type { System } from '../system.ts';
import type { Place } from './place.ts';

const sssd = '/etc/sssd/sssd.conf';
const samba = '/etc/samba/smb.conf';
const freeIpa = '/etc/ipa/default.conf';
const keytab = '/etc/krb5.keytab';
/** `id_provider` of sssd.conf(5). */
const providers: Record<string, string> = { ad: 'active-directory', ipa: 'freeipa', ldap: 'ldap' };

/** The directory whose people may sign in here: FreeIPA, Active Directory by sssd or winbind, LDAP. */
export async function lookAtDirectories(system: System): Promise<Place> {
  const [ipa, sssdFile, sambaFile, key] = await Promise.all([
    system.readFile(freeIpa),
    system.readFile(sssd),
    system.readFile(samba),
    system.readFile(keytab),
  ]);
  if (ipa.outcome === 'read') return { directory: 'freeipa', seen: freeIpa };

  const provider = sssdFile.outcome === 'read' ? lastProvider(sssdFile.text) : undefined;
  if (provider !== undefined) return { directory: provider, seen: sssd };

  // A machine that joined a domain holds a key of its own, which is seen to be there though only root may read it.
  const joined = key.outcome !== 'absent';
  if (joined && sambaFile.outcome === 'read' && /^[ \t]*security[ \t]*=[ \t]*ads[ \t]*$/im.test(sambaFile.text)) {
    return { directory: 'active-directory', seen: samba };
  }
  if (sssdFile.outcome !== 'refused') return {};
  // On some systems nobody may look into the folder either, so that a refusal alone does not show that it is there.
  return joined ? { directory: await realmOf(system), seen: keytab } : { hidden: sssd };
}

/** Undefined where people sign in from local files only. */
function lastProvider(text: string): string | undefined {
  const names = [...text.matchAll(/^[ \t]*id_provider[ \t]*=[ \t]*(\w+)[ \t]*$/gim)].map(([, name]) =>
    (name ?? '').toLowerCase(),
  );
  return names.map((name) => providers[name]).findLast((name) => name !== undefined);
}

/** realmd tells everybody what was joined; where it does not, all that is known is that sssd did it. */
async function realmOf(system: System): Promise<string> {
  const result = await system.run('/usr/sbin/realm', ['list']);
  const software =
    result.outcome === 'exited' ? /^[ \t]*server-software: (\S+)\n/m.exec(result.stdout)?.[1] : undefined;
  return software === 'active-directory' ? software : software === 'ipa' ? 'freeipa' : 'sssd';
}
