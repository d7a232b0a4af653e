import type { System } from '../system.ts';
import type { Place } from './place.ts';

const program = '/opt/microsoft/intune/bin/intune-portal';

/** The portal is installed before anybody enrols; the user's registration says whether that happened, and with whom. */
export async function lookAtIntune(system: System): Promise<Place> {
  if ((await system.realPath(program)) === undefined) return {};
  let hidden: string | undefined;
  for (const home of await homes(system)) {
    const path = `${home}/.config/intune/registration.toml`;
    const file = await system.readFile(path);
    if (file.outcome === 'refused') hidden = path;
    if (file.outcome !== 'read') continue;
    const enrolled = /^[ \t]*device_hint[ \t]*=[ \t]*"[^"]/m.test(file.text);
    const registered = /^[ \t]*aad_device_hint[ \t]*=[ \t]*"[^"]/m.test(file.text);
    if (!enrolled && !registered) continue;
    return { ...(enrolled && { mdm: 'intune' }), ...(registered && { directory: 'entra-id' }), seen: path };
  }
  return hidden === undefined ? {} : { hidden };
}

/** A daemon of root has a home of its own, in which nobody enrols. */
async function homes(system: System): Promise<string[]> {
  if (system.uid !== 0) return [system.home];
  return [system.home, ...((await system.list('/home')) ?? []).map((name) => `/home/${name}`)];
}
