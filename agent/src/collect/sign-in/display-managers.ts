import type { System } from '../system.ts';
import { lookAtGreetd } from './greetd.ts';
import { isOn, lastOf, parseIni, type IniEntry } from './ini.ts';
import { confFiles, readAll, type Files, type Look } from './look.ts';

/** A program that shows the sign-in screen. */
export interface DisplayManager {
  name: string;
  /** Its service, without `.service`: which one of them starts is for the administrator to choose. */
  units: readonly string[];
  look(system: System): Promise<Look>;
}

const gdm: DisplayManager = {
  name: 'gdm',
  units: ['gdm', 'gdm3'],
  /** Debian calls the file daemon.conf. What the live system of an installer sets lies in /run. */
  async look(system) {
    const folders = ['/etc/gdm3', '/etc/gdm', '/run/gdm3', '/run/gdm'];
    const files = await readAll(
      system,
      folders.flatMap((folder) => [`${folder}/custom.conf`, `${folder}/daemon.conf`]),
    );
    const daemon = (group: string) => group === 'daemon';
    return eachAlone(files, '/etc/gdm3/custom.conf', (entries) =>
      ['Automatic', 'Timed'].some(
        (kind) => isOn(lastOf(entries, daemon, `${kind}LoginEnable`)) && !!lastOf(entries, daemon, `${kind}Login`),
      ),
    );
  },
};

/** SDDM, and the one that Plasma made of it. */
const qt = (name: string): DisplayManager => ({
  name,
  units: [name],
  async look(system) {
    const folders = [`/usr/lib/${name}/${name}.conf.d`, `/etc/${name}.conf.d`];
    const paths = (await Promise.all(folders.map((folder) => confFiles(system, folder)))).flat();
    const files = await readAll(system, [...paths, `/etc/${name}.conf`]);
    return together(files, `/etc/${name}.conf`, (entries) => {
      const user = lastOf(entries, (group) => group === 'Autologin', 'User') ?? '';
      // A comment may also end a line here.
      return (user.split('#')[0] ?? '').trim() !== '';
    });
  },
});

const lightdm: DisplayManager = {
  name: 'lightdm',
  units: ['lightdm'],
  async look(system) {
    const folders = ['/usr/share/lightdm', '/etc/xdg/lightdm', '/etc/lightdm'];
    const paths = (await Promise.all(folders.map((folder) => confFiles(system, `${folder}/lightdm.conf.d`)))).flat();
    const files = await readAll(system, [...paths, '/etc/lightdm/lightdm.conf']);
    return together(files, '/etc/lightdm/lightdm.conf', (entries) => {
      const seats = new Set(
        entries.map(({ group }) => group).filter((group) => /^(?:Seat:.*|SeatDefaults)$/.test(group)),
      );
      return [...seats].some(
        (seat) =>
          !!lastOf(entries, (group) => group === seat, 'autologin-user') ||
          isOn(lastOf(entries, (group) => group === seat, 'autologin-guest')),
      );
    });
  },
};

const lxdm: DisplayManager = {
  name: 'lxdm',
  units: ['lxdm'],
  async look(system) {
    const files = await readAll(system, ['/etc/lxdm/lxdm.conf', '/etc/lxdm/default.conf']);
    return eachAlone(
      files,
      '/etc/lxdm/lxdm.conf',
      (entries) => !!lastOf(entries, (group) => group === 'base', 'autologin'),
    );
  },
};

const greetd: DisplayManager = { name: 'greetd', units: ['greetd', 'cosmic-greeter'], look: lookAtGreetd };

export const displayManagers: readonly DisplayManager[] = [gdm, qt('sddm'), qt('plasmalogin'), lightdm, lxdm, greetd];

/** Files of which one speaks for itself, because they are the same file in different places. */
function eachAlone(files: Files, path: string, isAutomatic: (entries: IniEntry[]) => boolean): Look {
  const automatic = files.read.find(({ text }) => isAutomatic(parseIni(text)));
  if (automatic !== undefined) return { outcome: 'automatic', seen: automatic.path };
  return files.hidden === undefined ? { outcome: 'asks', seen: path } : { outcome: 'hidden', path: files.hidden };
}

/** Files that make one configuration, of which a later one overrules those before it. */
function together(files: Files, path: string, isAutomatic: (entries: IniEntry[]) => boolean): Look {
  if (files.hidden !== undefined) return { outcome: 'hidden', path: files.hidden };
  const entries = files.read.flatMap(({ text }) => parseIni(text));
  return { outcome: isAutomatic(entries) ? 'automatic' : 'asks', seen: path };
}
