"""The same with PyJWT, whose key set client finds the key by its kid."""
import json
import sys
import urllib.request

import jwt


def main():
    asked = json.load(sys.stdin)
    with urllib.request.urlopen(asked["issuer"] + "/.well-known/openid-configuration", timeout=10) as answer:
        metadata = json.load(answer)
    keys = jwt.PyJWKClient(metadata["jwks_uri"])
    said = {}
    for name, token in asked["tokens"].items():
        try:
            jwt.decode(
                token,
                keys.get_signing_key_from_jwt(token).key,
                algorithms=metadata["id_token_signing_alg_values_supported"],
                issuer=asked["issuer"],
                audience=asked["audience"],
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
            said[name] = "accepted"
        except Exception as reason:
            said[name] = f"{type(reason).__name__}: {reason}"
    json.dump(said, sys.stdout)


main()
