import type { Credentials } from '../gateways/index.ts';

/** A header of its own, because `Authorization` is the client's: the gateway passes it on. */
export const gatewayHeader = 'Postern-Gateway';

/** Reads `<gateway id>:<secret>`; undefined for anything else. */
export function readGatewayHeader(header: string | undefined): Credentials | undefined {
  const [, id, secret] = /^(gw_[0-9a-f]{32}):([\x21-\x7e]{1,256})$/.exec(header ?? '') ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
