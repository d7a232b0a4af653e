import assert from 'node:assert/strict';
import { it } from 'node:test';
import { second } from '../time.ts';
import { verifyProof } from './proof.ts';

// RFC 9449 section 7.1, figure 13: a request for a protected resource.
const token = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const proof =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19' +
  '.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9' +
  '.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA';
const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const presented = {
  token,
  scheme: 'dpop' as const,
  proofs: [proof],
  method: 'GET',
  url: 'https://resource.example.org/protectedresource?page=2',
};
const made = 1_562_262_618 * second;

it('the proof of RFC 9449 is taken at its time, by its key, for its request and its token', async () => {
  assert.deepEqual(await verifyProof(presented, jkt, undefined, made), {
    jkt,
    jti: 'e1j3V_bKic8-LAEB',
    until: made + 61 * second,
  });
  const codes = [
    [{ ...presented, method: 'POST' }, jkt, made, 'proof_other_request'],
    [{ ...presented, url: 'https://resource.example.org/' }, jkt, made, 'proof_other_request'],
    [{ ...presented, token: `${token}=` }, jkt, made, 'proof_other_token'],
    [presented, jkt.replace('0', '1'), made, 'proof_other_key'],
    [presented, jkt, made + 61 * second, 'proof_time'],
  ] as const;
  for (const [request, key, now, code] of codes)
    await assert.rejects(verifyProof(request, key, undefined, now), { code });
});
