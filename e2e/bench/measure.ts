/** What the measurements share: figures of a list of milliseconds, a JSON line, and a page's own account of what it drew. */

export const quantile = (of: number[], q: number): number => [...of].sort((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * q))] ?? NaN;
const tenth = (x: number): number => Math.round(x * 10) / 10;
export const spread = (of: number[]): Record<string, number> => ({ n: of.length, p50: tenth(quantile(of, 0.5)), p95: tenth(quantile(of, 0.95)), p99: tenth(quantile(of, 0.99)), max: tenth(of.reduce((a, b) => Math.max(a, b), -Infinity)) });
export const print = (what: string, figures: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify({ what, ...figures })}\n`);

/** Revision, and milliseconds since 1970 by the page's clock, in the order they were drawn; under `window.seen`. */
export type Paint = [revision: number, at: number];

/** Source, not a function: what compiles this file would put a helper of its own into it. */
export const watchPaints = `(() => {
  const seen = (window.seen = []);
  new MutationObserver(() => {
    const revision = Number(document.documentElement.dataset.revision);
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => seen.push([revision, performance.timeOrigin + performance.now()]);
      channel.port2.postMessage(null);
    });
  }).observe(document.documentElement, { attributes: true, attributeFilter: ['data-revision'] });
})()`;
