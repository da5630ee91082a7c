import { onMounted, onUnmounted, shallowRef, type ShallowRef } from 'vue';

/** The grid everything is designed on; wall.css makes one rem 100 of its units. */
export const GRID = { width: 1920, height: 1080 } as const;

/**
 * `standard`: 16:9 and its neighbours. `broad`: 21:9, lists in two columns. `wide`: two walls side by side, a second map.
 * `upright`: higher than wide, the map above the rest.
 */
export type StageForm = 'standard' | 'broad' | 'wide' | 'upright';

export interface Stage {
  /** Pixels of one unit, the same both ways: nothing is stretched. */
  unit: number;
  /** The screen in units: one of them is that of the grid, the other is at least that. */
  width: number;
  height: number;
  form: StageForm;
}

export function stageOf(pixelsWide: number, pixelsHigh: number): Stage {
  const unit = Math.min(pixelsWide / GRID.width, pixelsHigh / GRID.height);
  const ratio = pixelsWide / pixelsHigh;
  return {
    unit,
    width: pixelsWide / unit,
    height: pixelsHigh / unit,
    form: ratio >= 3 ? 'wide' : ratio >= 2.1 ? 'broad' : ratio >= 1 ? 'standard' : 'upright',
  };
}

/** Rows of a height that fit, whole ones only. */
export const rowsThatFit = (height: number, row: number): number => Math.max(0, Math.floor((height + 0.5) / row));

/** The stage of this window. */
export function useStage(): ShallowRef<Stage> {
  const stage = shallowRef(stageOf(innerWidth, innerHeight));
  const look = (): void => {
    stage.value = stageOf(innerWidth, innerHeight);
  };
  onMounted(() => addEventListener('resize', look));
  onUnmounted(() => removeEventListener('resize', look));
  return stage;
}
