"""Gets an access token as a client that was written with authlib: private_key_jwt, and a DPoP proof put together by hand.

Reads {"issuer", "client_id", "resource", "key": private JWK} and prints {"statuses", "answer"}.
"""
import base64
import hashlib
import json
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from authlib.jose import JsonWebKey, JsonWebSignature

signatures = JsonWebSignature(["ES256"])


def signed(header, claims, key):
    return signatures.serialize_compact({"alg": "ES256", **header}, json.dumps(claims).encode(), key).decode()


def main():
    asked = json.load(sys.stdin)
    with urllib.request.urlopen(asked["issuer"] + "/.well-known/openid-configuration", timeout=10) as answer:
        metadata = json.load(answer)
    key = JsonWebKey.import_key(asked["key"])
    public = {name: asked["key"][name] for name in ("kty", "crv", "x", "y")}
    canonical = json.dumps(public, sort_keys=True, separators=(",", ":")).encode()
    kid = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()

    nonce = None
    statuses = []
    for _ in range(2):
        now = int(time.time())
        assertion = signed(
            {"typ": "client-authentication+jwt", "kid": kid},
            {
                "iss": asked["client_id"],
                "sub": asked["client_id"],
                "aud": metadata["issuer"],
                "iat": now,
                "exp": now + 60,
                "jti": secrets.token_urlsafe(16),
            },
            key,
        )
        claims = {"htm": "POST", "htu": metadata["token_endpoint"], "iat": now, "jti": secrets.token_urlsafe(16)}
        if nonce is not None:
            claims["nonce"] = nonce
        form = {
            "grant_type": "client_credentials",
            "resource": asked["resource"],
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        }
        request = urllib.request.Request(
            metadata["token_endpoint"],
            data=urllib.parse.urlencode(form).encode(),
            headers={"DPoP": signed({"typ": "dpop+jwt", "jwk": public}, claims, key)},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                statuses.append(answer.status)
                json.dump({"statuses": statuses, "answer": json.load(answer)}, sys.stdout)
                return
        except urllib.error.HTTPError as refusal:
            statuses.append(refusal.code)
            said = json.load(refusal)
            if said.get("error") != "use_dpop_nonce" or nonce is not None:
                json.dump({"statuses": statuses, "answer": said}, sys.stdout)
                return
            nonce = refusal.headers["DPoP-Nonce"]


main()
