export { backup } from './backup/backup.ts';
export { BackupError, type BackupSummary } from './backup/format.ts';
export { inspect } from './backup/read-backup.ts';
export { verifyBackup } from './backup/verify-backup.ts';
export { restore } from './backup/restore.ts';
export { openReader } from './open-reader.ts';
export { migrate, openStore } from './open-store.ts';
