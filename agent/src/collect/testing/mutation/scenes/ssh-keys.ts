import { sshKeysCollector } from '../../../ssh-keys/index.ts';
import { blobs, openSshFile, puttyFile } from '../../../ssh-keys/testing/written-keys.ts';
import { recordedSystem } from '../../recorded-system.ts';
import { onLinux, onMac, scenesOf } from '../scene.ts';

const open = openSshFile({ publicBlob: blobs.ed25519() });
const locked = openSshFile({ publicBlob: blobs.rsa(3072), cipher: 'aes256-ctr' });
const putty = puttyFile(blobs.ecdsa('nistp256'), 'none');
const pem =
  '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAABBBB\n-----END RSA PRIVATE KEY-----\n';

export const sshKeysScenes = scenesOf(sshKeysCollector, {
  none: onLinux({ dirs: { '/home/ada/.ssh': [] }, files: { '/home/ada/.ssh/known_hosts': 'x ssh-ed25519 AAAA\n' } }),
  open: onLinux({ files: { '/home/ada/.ssh/id_ed25519': open, '/home/ada/.ssh/config': 'Host *\n' } }),
  'open and locked': onLinux({ files: { '/home/ada/.ssh/id_ed25519': open, '/home/ada/.ssh/id_rsa': locked } }),
  PEM: onLinux({ files: { '/home/ada/.ssh/id_rsa': pem } }),
  'macOS, locked': onMac({ files: { '/Users/ada/.ssh/id_rsa': locked } }),
  'macOS, open': onMac({ files: { '/Users/ada/.ssh/id_ed25519': open } }),
  'Windows, PuTTY': recordedSystem({ platform: 'windows', files: { 'C:\\Users\\ada\\.ssh\\id.ppk': putty } }),
  'Windows, locked': recordedSystem({ platform: 'windows', files: { 'C:\\Users\\ada\\.ssh\\id_rsa': locked } }),
});
