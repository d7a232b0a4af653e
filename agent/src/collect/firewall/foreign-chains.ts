/**
 * Chains that other software adds to keep its own traffic apart: they turn some packets away, and everything
 * else comes in as before. Docker, Tailscale, libvirt, Kubernetes, fail2ban.
 */
const foreign = /^(?:docker|ts-|ts_|f2b-|fail2ban|libvirt|lwi|kube-|cali-|cni-|netavark|podman|sshguard|crowdsec)/i;

export function isForeignChain(name: string): boolean {
  return foreign.test(name);
}
