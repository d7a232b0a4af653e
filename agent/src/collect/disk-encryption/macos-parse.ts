/** What FileVault does with the startup volume. Only `on` protects it: the others leave some of it readable. */
export type FileVault = 'on' | 'off' | 'encrypting' | 'decrypting';

const sayings: readonly [RegExp, FileVault | 'aside'][] = [
  [/^FileVault is On\.$/, 'on'],
  [/^FileVault is Off(?:\.|, but will be enabled after the next restart\.)$/, 'off'],
  [/^Encryption in progress: /, 'encrypting'],
  [/^Decryption in progress: /, 'decrypting'],
  [/^File ?Vault is currently being encrypted\.$/, 'encrypting'],
  [/^File ?Vault is currently being decrypted\.$/, 'decrypting'],
  // Said beside the state, and nothing about it: to be turned on at some sign-in, a key of the organisation.
  [/^Deferred enablement appears to be active for user ['"].*['"]\.$/, 'aside'],
  [/^FileVault master keychain appears to be installed\.$/, 'aside'],
];

/** Reads `fdesetup status`; undefined where it says anything that is not known, or two things at once. */
export function parseFileVault(text: string): FileVault | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const said = lines.map((line) => sayings.find(([pattern]) => pattern.test(line))?.[1]);
  if (said.includes(undefined)) return undefined;
  const states = new Set(said.filter((state) => state !== 'aside'));
  if (states.has('on') && states.has('off')) return undefined;
  // "FileVault is On." stands above the progress of both directions.
  if (states.has('decrypting')) return 'decrypting';
  if (states.has('encrypting')) return 'encrypting';
  return states.has('on') ? 'on' : states.has('off') ? 'off' : undefined;
}

/** What `diskutil info -plist` says of another volume; `elsewhere` where it is no disk inside this machine. */
export type Volume = 'encrypted' | 'plain' | 'unclear' | 'elsewhere';

/**
 * Reads `diskutil info -plist VOLUME`. Its `Encryption` is not looked at: it is true on every Mac with
 * a T2 or Apple chip, with and without FileVault. Shares and disk images are no disks of this machine.
 */
export function parseVolume(text: string): Volume {
  if (/<string>Could not find disk: /.test(text)) return 'elsewhere';
  const flag = (key: string) => new RegExp(`<key>${key}</key>\\s*<(true|false)/>`).exec(text)?.[1];
  if (!text.includes('</plist>')) return 'unclear';
  if (flag('Internal') === 'false' || /<key>BusProtocol<\/key>\s*<string>Disk Image<\/string>/.test(text))
    return 'elsewhere';
  const fileVault = flag('FileVault');
  if (flag('Internal') !== 'true' || fileVault === undefined) return 'unclear';
  return fileVault === 'true' ? 'encrypted' : 'plain';
}
