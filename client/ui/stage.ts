import { inject, onMounted, onUnmounted, provide, shallowRef, watch, type InjectionKey, type ShallowRef } from 'vue';
import { seamsOf, type ScreenProfile, type Seam } from '../../shared/screen/profile.ts';
import { arrange, bandsOf, type Arrangement, type Span } from '../../shared/screen/stage.ts';

const key: InjectionKey<ShallowRef<Arrangement>> = Symbol('arrangement');

/** How this window is divided on the screen it was told it is on. A window of other pixels than the screen's has its seams in proportion. */
export function arrangementOf(width: number, height: number, profile: ScreenProfile | null): Arrangement {
  const { pixels = { width, height }, scale = 1 } = profile ?? {};
  const seams = seamsOf({ ...profile, pixels });
  const shrunk = (all: readonly Seam[], by: number): Seam[] => all.map((s) => ({ at: s.at * by, width: s.width * by }));
  const made =
    arrange(width, height, scale, { x: shrunk(seams.x, width / pixels.width), y: shrunk(seams.y, height / pixels.height) }) ??
    // A window the profile was not made for, on somebody's desk for instance.
    arrange(width, height, 1, { x: [], y: [] });
  if (!made) throw new Error('a stage without seams always has room');
  return made;
}

/** The arrangement of this window, for everything below; sets the size of a unit with it. */
export function provideStage(profile: () => ScreenProfile | null): ShallowRef<Arrangement> {
  const look = (): Arrangement => arrangementOf(innerWidth, innerHeight, profile());
  const arrangement = shallowRef(look());
  const root = document.documentElement;
  const set = (): void => {
    arrangement.value = look();
    root.style.setProperty('--unit', `${arrangement.value.stage.unit}px`);
  };
  watch(profile, set, { immediate: true });
  onMounted(() => addEventListener('resize', set));
  onUnmounted(() => {
    removeEventListener('resize', set);
    root.style.removeProperty('--unit');
  });
  provide(key, arrangement);
  return arrangement;
}

/** Null where the part stands on no wall. */
export const useStage = (): ShallowRef<Arrangement> | null => inject(key, null);

const rem = (units: number): string => `${(units / 100).toFixed(4)}rem`;

/** Tracks of a grid that put things at these spans, with what lies between them as tracks of their own. Items go into 2, 4, 6, … */
export function tracks(spans: readonly Span[], from: number): string {
  let at = from;
  return spans
    .map((s) => {
      const track = `${rem(s.from - at)} ${rem(s.to - s.from)}`;
      at = s.to;
      return track;
    })
    .join(' ');
}

/** `n` areas side by side, none across a seam: as they come, over as many tiles as there are. */
export function spread(n: number, from: number, to: number, clear: readonly Span[], gap: number): Span[] {
  const bands = bandsOf(from, to, clear);
  const of = Array.from({ length: n }, (_, i) => Math.floor((i * bands.length) / n));
  return of.map((b, i): Span => {
    const band = bands[b]!;
    const together = of.filter((other) => other === b).length;
    const width = (band.to - band.from - gap * (together - 1)) / together;
    const left = band.from + (i - of.indexOf(b)) * (width + gap);
    return { from: left, to: left + width };
  });
}
