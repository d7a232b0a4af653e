"""Verifies access tokens as a service that uses authlib would: by discovery, key set, and nothing else of Postern.

Reads {"issuer", "audience", "tokens": {name: token}} and prints {name: "accepted" or the reason}.
"""
import json
import sys
import urllib.request

from authlib.jose import JsonWebKey, JsonWebToken


def fetched(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def main():
    asked = json.load(sys.stdin)
    metadata = fetched(asked["issuer"] + "/.well-known/openid-configuration")
    keys = JsonWebKey.import_key_set(fetched(metadata["jwks_uri"]))
    jwt = JsonWebToken(metadata["id_token_signing_alg_values_supported"])
    rules = {
        "iss": {"essential": True, "value": asked["issuer"]},
        "aud": {"essential": True, "value": asked["audience"]},
        "exp": {"essential": True},
        "sub": {"essential": True},
    }
    said = {}
    for name, token in asked["tokens"].items():
        try:
            jwt.decode(token, keys, claims_options=rules).validate()
            said[name] = "accepted"
        except Exception as reason:
            said[name] = f"{type(reason).__name__}: {reason}"
    json.dump(said, sys.stdout)


main()
