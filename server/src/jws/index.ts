export type { CompactJws } from '@postern/shared/jws/compact-jws';
export { openJws } from './compact-jws.ts';
export { type EmbeddedKey, embeddedKeyOf } from './embedded-key.ts';
export { isSignedBy, signJws } from './es256.ts';
export { publicKeyOf } from './public-keys.ts';
export { thumbprintOf } from './thumbprint.ts';
