export { backup } from './backup/backup.ts';
export { BackupError, type BackupSummary } from './backup/format.ts';
export { inspect } from './backup/read-backup.ts';
export { restore } from './backup/restore.ts';
export { migrate, openStore } from './open-store.ts';
