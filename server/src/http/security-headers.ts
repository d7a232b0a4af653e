import helmet from 'helmet';

/** Headers of every answer. An API shows nothing, so its answers may load and embed nothing. */
export function securityHeaders(issuer: string) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: issuer.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
}
