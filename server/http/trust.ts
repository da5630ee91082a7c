import { Router, type Response } from 'express';
import type { Certificates } from '../tls/certificates.ts';

/** What `/trust` shows about this hub's authority; see client/apps/trust. */
export interface TrustInfo {
  /** Null: the certificate is the centre's own, and there is nothing to install. */
  fingerprint: string | null;
}

/**
 * How a device comes to trust the private authority: the page, and its root certificate in the forms devices take. Open to
 * everybody, before any trust and any session, since it says nothing but what a handshake says.
 */
export function trustRoutes(certificates: Pick<Certificates, 'root'> | null, client: string): Router {
  const router = Router({ caseSensitive: true });
  const root = (): NonNullable<Certificates['root']> | null => certificates?.root ?? null;
  const file = (res: Response, name: string, type: string, body: string | Buffer): void => {
    res.set('Content-Disposition', `attachment; filename="${name}"`).set('Cache-Control', 'no-store').type(type).send(body);
  };

  router.get('/trust', (_req, res) => {
    res.set('Cache-Control', 'no-store');
    res.sendFile('trust.html', { root: client, cacheControl: false, etag: false, lastModified: false });
  });
  router.get('/trust.json', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ fingerprint: root()?.fingerprint ?? null } satisfies TrustInfo);
  });
  // Asked by the page that came in plain HTTP from this very host: only a device that trusts the certificate gets an answer.
  router.get('/trust/check', (req, res) => {
    const origin = req.get('origin');
    if (origin !== undefined && origin === `http://${req.get('host')}`) res.set('Access-Control-Allow-Origin', origin);
    res.set('Cache-Control', 'no-store').vary('Origin').status(204).end();
  });
  // A browser and a phone take a certificate by this type (RFC 5280 certificate, DER); Linux tools take PEM.
  router.get('/trust/situation-board-root.crt', (_req, res, next) => {
    const found = root();
    if (found) file(res, 'situation-board-root.crt', 'application/x-x509-ca-cert', derOf(found.cert));
    else next();
  });
  router.get('/trust/situation-board-root.pem', (_req, res, next) => {
    const found = root();
    if (found) file(res, 'situation-board-root.pem', 'application/x-pem-file', found.cert);
    else next();
  });
  return router;
}

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
