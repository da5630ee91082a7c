import type { Express } from 'express';

export interface Route {
  /** In small letters. */
  method: string;
  /** As it was written: `/api/v1/calls/:id`; what was written as a pattern, as its source. */
  path: string;
}

interface Layer {
  slash: boolean;
  route?: { path: string | RegExp | (string | RegExp)[]; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
  match(path: string): unknown;
}

/** Where routers are hung. Express keeps no address of a router, so these are tried; one hung elsewhere is an error. */
const places = ['/api', '/v1'];

/** Every route of an application, read from its router: nothing that is answered is left out because nobody listed it. */
export function routesOf(app: Express): Route[] {
  const read = (stack: Layer[], below: string): Route[] =>
    stack.flatMap((layer) => {
      if (layer.route) {
        const { path, methods } = layer.route;
        return [path].flat().flatMap((p) => Object.keys(methods).map((method) => ({ method, path: typeof p === 'string' ? below + p : p.source })));
      }
      if (!layer.handle.stack) return [];
      const place = layer.slash ? '' : places.find((p) => layer.match(p) && !layer.match(`${p}x`));
      if (place === undefined) throw new Error(`a router hangs below ${below || '/'} at a place that is not known here`);
      return read(layer.handle.stack, below + place);
    });
  return read((app.router as unknown as { stack: Layer[] }).stack, '');
}
