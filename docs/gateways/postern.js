/*
 * Checks an access token of Postern (RFC 9068) and the DPoP proof that comes with it (RFC 9449), for nginx-njs.conf of this
 * folder. Not checked: revocation, and whether a proof was used before.
 */
export default { check };

const leewaySeconds = 5;
const proofSeconds = 60;
const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const coordinate = /^[\w-]{43}$/;
// What comes before the point in the DER form of every P-256 public key (RFC 5480), and the octet that begins a point.
const spkiPrefix = '3059301306072a8648ce3d020106082a8648ce3d03010703420004';
// As a client writes it and nginx passes it on, and nothing that two programs could read as two paths.
const plainPath = /^\/(?:[\w.~!$&'()*+,;=:@/-]|%(?!2e|2f|5c|00)[0-9a-f]{2})*$/i;

/** What is thrown at a request that is refused: an error code of RFC 6750 or RFC 9449, and a sentence. */
function refusal(error, message) {
  const thrown = new Error(message);
  thrown.refusal = error;
  return thrown;
}

async function check(r) {
  try {
    const claims = await judge(r);
    r.variables.postern_user = claims.act === undefined ? '' : text(claims.sub);
    r.variables.postern_device = text(claims.device_id);
    r.variables.postern_owner = text(claims.owner);
    r.variables.postern_roles = (claims.roles || []).map(text).join(',');
    r.variables.postern_status = text(claims.posture && claims.posture.status);
    r.internalRedirect('@application');
  } catch (e) {
    refuse(r, e);
  }
}

function refuse(r, e) {
  const known = e.refusal !== undefined;
  if (!known) r.error(`postern: ${e}`);
  const error = known ? e.refusal : 'invalid_token';
  const reason = known ? e.message : 'The token could not be checked.';
  r.headersOut['WWW-Authenticate'] = `DPoP error="${error}", error_description="${reason}", algs="ES256"`;
  r.headersOut['Content-Type'] = 'text/plain';
  r.headersOut['Cache-Control'] = 'no-store';
  r.return(error === 'unavailable' ? 503 : 401, `${reason}\n`);
}

async function judge(r) {
  const authorization = only(r, 'authorization', 'invalid_token');
  const token = /^dpop +([\w.-]{1,4096})$/i.exec(authorization);
  if (!token) throw refusal('invalid_token', 'Send the token as Authorization: DPoP.');
  const claims = await tokenClaims(r, token[1]);
  await checkProof(r, only(r, 'dpop', 'invalid_dpop_proof'), token[1], claims.cnf);
  return claims;
}

async function tokenClaims(r, token) {
  const refused = (why) => refusal('invalid_token', why);
  const jws = open(token, refused);
  if (jws.header.typ !== 'at+jwt') throw refused('It is no access token.');
  const keys = await keySet(r);
  const key = keys.find((each) => each.kid === jws.header.kid && each.kty === 'EC' && each.crv === 'P-256');
  if (!key) throw refused('It is signed with a key that is not known here.');
  const isSigned = await isSignedBy(jws, key);
  if (!isSigned) throw refused('Its signature is wrong.');
  const claims = jws.claims;
  const now = Date.now() / 1000;
  if (claims.iss !== r.variables.postern_issuer) throw refused('It comes from another issuer.');
  if (claims.aud !== r.variables.postern_audience) throw refused('It is for something else.');
  if (typeof claims.exp !== 'number' || claims.exp <= now) throw refused('It has expired.');
  if (typeof claims.iat !== 'number' || claims.iat > now + leewaySeconds) throw refused('It is not valid yet.');
  if (!isObject(claims.cnf) || typeof claims.cnf.jkt !== 'string') throw refused('It is not bound to a key.');
  return claims;
}

async function checkProof(r, proof, token, cnf) {
  const refused = (why) => refusal('invalid_dpop_proof', why);
  const jws = open(proof, refused);
  if (jws.header.typ !== 'dpop+jwt') throw refused('It is no proof.');
  const jwk = jws.header.jwk;
  if (!isPublicKey(jwk)) throw refused('It has no public P-256 key.');
  const jkt = await thumbprint(jwk);
  if (jkt !== cnf.jkt) throw refused('The token is bound to another key.');
  const isSigned = await isSignedBy(jws, jwk);
  if (!isSigned) throw refused('Its signature is wrong.');
  const claims = jws.claims;
  const now = Date.now() / 1000;
  if (typeof claims.jti !== 'string' || claims.jti === '') throw refused('It has no identifier.');
  if (typeof claims.iat !== 'number' || claims.iat < now - proofSeconds || claims.iat > now + leewaySeconds) {
    throw refused('It is too old, or the clock of the device is wrong.');
  }
  if (claims.htm !== r.method) throw refused('It is for another method.');
  const path = r.variables.request_uri.split('?')[0];
  if (!plainPath.test(path) || path.split('/').some((part) => /^\.\.?(?:;|$)/.test(part))) {
    throw refused('The address can be read in two ways.');
  }
  if (typeof claims.htu !== 'string' || claims.htu.split(/[?#]/)[0] !== r.variables.postern_origin + path) {
    throw refused('It is for another address.');
  }
  const ath = await sha256(token);
  if (claims.ath !== ath) throw refused('It is for another token.');
}

/** The one value of a header that must come once. */
function only(r, name, error) {
  const values = r.rawHeadersIn.filter((pair) => pair[0].toLowerCase() === name);
  if (values.length !== 1) throw refusal(error, `One ${name} header is needed.`);
  return values[0][1];
}

function open(text, refused) {
  if (text.length > 4096 || !compact.test(text)) throw refused('It is not a compact JWS.');
  const parts = text.split('.');
  let header;
  let claims;
  try {
    header = JSON.parse(Buffer.from(parts[0], 'base64url').toString());
    claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
    // oxlint-disable-next-line no-unused-vars -- njs knows no catch without a name yet
  } catch (e) {
    throw refused('It is not JSON.');
  }
  if (!isObject(header) || !isObject(claims)) throw refused('It is not an object.');
  if (header.alg !== 'ES256') throw refused('It is not signed with ES256.');
  // RFC 7515 section 4.1.11: what must be understood is not.
  if (header.crit !== undefined) throw refused('It asks for more than is known here.');
  return { header, claims, signed: `${parts[0]}.${parts[1]}`, signature: Buffer.from(parts[2], 'base64url') };
}

function isSignedBy(jws, jwk) {
  if (!isPublicKey(jwk)) return Promise.resolve(false);
  const point = Buffer.concat([Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]);
  const spki = Buffer.concat([Buffer.from(spkiPrefix, 'hex'), point]);
  const how = { name: 'ECDSA', hash: 'SHA-256' };
  return (
    crypto.subtle
      .importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
      .then((key) => crypto.subtle.verify(how, key, jws.signature, Buffer.from(jws.signed)))
      // A point that is not on the curve, a signature of another length.
      .catch(() => false)
  );
}

function isPublicKey(jwk) {
  return (
    isObject(jwk) &&
    jwk.kty === 'EC' &&
    jwk.crv === 'P-256' &&
    jwk.d === undefined &&
    typeof jwk.x === 'string' &&
    typeof jwk.y === 'string' &&
    coordinate.test(jwk.x) &&
    coordinate.test(jwk.y)
  );
}

/** RFC 7638. */
function thumbprint(jwk) {
  return sha256(`{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`);
}

async function sha256(value) {
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(value));
  return Buffer.from(digest).toString('base64url');
}

async function keySet(r) {
  const answer = await r.subrequest('/_postern/keys');
  if (answer.status !== 200) throw refusal('unavailable', 'Access cannot be checked at the moment.');
  return JSON.parse(answer.responseText).keys;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Never more than one line of plain characters, whatever a claim says. */
function text(value) {
  return typeof value === 'string' && /^[\x20-\x7e]*$/.test(value) ? value : '';
}
