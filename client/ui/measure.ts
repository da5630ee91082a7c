import { ref, type Ref } from 'vue';
import { guessWidth } from '../map/labels.ts';

const family = '"Noto Sans SC Variable"';
/** Enough for every name a wall shows; emptied rather than grown. */
const KEEP = 2_000;
const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null | undefined;
const fonts = ref(0);

/** Changes when letters have arrived: whatever was measured before is measured again. */
export const fontsArrived: Readonly<Ref<number>> = fonts;

/** Width of a text as the screen draws it, in the unit of `size`; a guess where there is no canvas. */
export function textWidth(text: string, size: number, weight = 500): number {
  void fonts.value;
  const key = `${weight} ${text}`;
  let ems = widths.get(key);
  if (ems === undefined) {
    if (context === undefined) {
      context = document.createElement('canvas').getContext?.('2d') ?? null;
      document.fonts?.addEventListener('loadingdone', () => {
        widths.clear();
        fonts.value++;
      });
    }
    if (context) {
      context.font = `${weight} 100px ${family}, sans-serif`;
      ems = context.measureText(text).width / 100;
    } else ems = guessWidth(text, 1);
    if (widths.size >= KEEP) widths.clear();
    widths.set(key, ems);
  }
  return ems * size;
}
