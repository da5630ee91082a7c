import { onMounted, onUnmounted, watch, type Ref } from 'vue';
import { meets, type Arrangement, type Span } from '../../shared/screen/stage.ts';
import { useStage } from './stage.ts';

/**
 * Moves what must be seen whole (`data-whole`) below the seam it would lie across, from the top down; what then has no room
 * any more is not shown rather than cut. A part marked `titled` takes the panel's title with it. On a screen without seams
 * across, high enough for everything, it measures nothing.
 */
export function useClearOfSeams(host: Ref<HTMLElement | null>): void {
  const stage = useStage();
  if (!stage) return;
  let frame = 0;
  const place = (): void => {
    frame = 0;
    const parts = [...(host.value?.querySelectorAll<HTMLElement>('[data-whole]') ?? [])];
    const { clear, stage: { unit } } = stage.value;
    const end = host.value?.getBoundingClientRect().bottom ?? Infinity;
    for (const part of parts) for (const set of ['margin-top', 'visibility']) part.style.removeProperty(set);
    parts.forEach((part, i) => {
      const box = part.getBoundingClientRect();
      const next = parts[i + 1];
      const bottom = next?.dataset.whole === 'titled' ? next.getBoundingClientRect().bottom : box.bottom;
      const seam = below({ from: box.top / unit, to: bottom / unit }, clear.y);
      if (seam) part.style.setProperty('margin-top', `${seam.to * unit - box.top + (parseFloat(getComputedStyle(part).marginTop) || 0)}px`);
      if (part.getBoundingClientRect().bottom > end + SPARE * unit) part.style.setProperty('visibility', 'hidden');
    });
  };
  const needed = ({ clear, rows: { body } }: Arrangement): boolean => clear.y.length > 0 || body.to - body.from < LOW;
  const soon = (): void => {
    if (needed(stage.value)) frame ||= requestAnimationFrame(place);
  };
  const sizes = new ResizeObserver(soon);
  const changes = new MutationObserver(soon);
  onMounted(() => {
    if (!host.value) return;
    sizes.observe(host.value);
    changes.observe(host.value, { childList: true, subtree: true });
    soon();
  });
  watch(stage, (now, before) => {
    if (needed(now) || needed(before)) frame ||= requestAnimationFrame(place);
  });
  onUnmounted(() => {
    sizes.disconnect();
    changes.disconnect();
    cancelAnimationFrame(frame);
  });
}

/** Units by which a part may end below its panel: air, no letters. */
const SPARE = 8;
/** Units of a body below which a panel may not have room for all its parts. */
const LOW = 620;

/** The seam a thing has to go below; several may follow each other closely. */
function below(at: Span, clear: readonly Span[]): Span | null {
  let found: Span | null = null;
  let where = at;
  for (const seam of clear) {
    if (!meets(seam, where)) continue;
    found = seam;
    where = { from: seam.to, to: seam.to + at.to - at.from };
  }
  return found;
}
