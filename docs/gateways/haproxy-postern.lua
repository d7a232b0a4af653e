-- Asks Postern about a request (haproxy.cfg of this folder loads it). HAProxy can verify a token but no DPoP proof, and
-- knows nothing of what was revoked. The application's address as clients know it, and the file with the credential of this
-- gateway, come from haproxy.cfg (setenv).
local function setting(name)
  return assert(os.getenv(name), name .. " is not set before this file is loaded")
end
local application = setting("POSTERN_APPLICATION")
local credential = setting("POSTERN_CREDENTIAL")

local file = assert(io.open(credential, "r"))
local gateway = assert(file:read("l"), "no credential in " .. credential)
file:close()

-- Of haproxy.cfg, which knows where Postern is. To each resource of a gateway that has several belongs an address:
-- /verify/nginx?resource=https%3A%2F%2Fapp.example
local postern = "abns@postern"
local verify = "http://postern/verify/nginx"

local given = {
  ["txn.postern_user"] = "x-auth-request-user",
  ["txn.postern_email"] = "x-auth-request-email",
  ["txn.postern_groups"] = "x-auth-request-groups",
  ["txn.postern_device"] = "x-auth-request-device",
  ["txn.postern_owner"] = "x-auth-request-owner",
  ["txn.postern_roles"] = "x-auth-request-roles",
  ["txn.postern_posture"] = "x-posture-status",
  ["txn.postern_reason"] = "x-posture-reason",
  ["txn.postern_nonce"] = "dpop-nonce",
  ["txn.postern_challenge"] = "www-authenticate",
}

-- Sets txn.postern_status to what Postern answered; haproxy.cfg lets nothing through without a 200 in it.
core.register_action("postern_verify", { "http-req" }, function(txn)
  local sent = txn.http:req_get_headers()
  local headers = {
    ["postern-gateway"] = { gateway },
    ["x-original-method"] = { txn.sf:method() },
    -- The name is written down and not taken from the request: it is part of what a DPoP proof is for.
    ["x-original-url"] = { application .. txn.sf:pathq() },
  }
  for _, name in ipairs({ "authorization", "dpop", "accept" }) do
    local values = sent[name]
    -- HAProxy counts the values of a header from 0.
    if values ~= nil then headers[name] = { values[0] } end
  end

  local answer = core.httpclient():get({ url = verify, dst = postern, headers = headers, timeout = 5000 })
  if answer == nil or answer.status == nil then return end
  for variable, name in pairs(given) do
    local values = answer.headers and answer.headers[name]
    txn:set_var(variable, values and values[0] or "")
  end
  txn:set_var("txn.postern_status", answer.status)
end, 0)
