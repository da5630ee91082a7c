import '../ui/noEval.ts';
import '@fontsource-variable/noto-sans-sc/index.css';
import '../ui/theme.css';
import '../ui/wall.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { words as wallWords } from '../apps/wall/words.ts';
import PairingScreen from '../apps/wall/PairingScreen.vue';
import { mapFigures } from '../features/locality/mapFigures.ts';
import { kindWords } from '../features/words.ts';
import { parseMap } from '../map/map.ts';
import { figureWords } from '../ui/figureWords.ts';
import { createWords } from '../ui/i18n.ts';
import GalleryWall from './GalleryWall.vue';
import { picture, states, type GalleryData } from './samples.ts';

/** `?state=busy&figure=late&lang=en`; `?pairing=code` and its like for the screen before a wall is joined. */
const asked = new URLSearchParams(location.search);
const state = states.find((s) => s === asked.get('state')) ?? 'busy';
const figure = mapFigures.find((f) => f === asked.get('figure')) ?? 'open';
const [data, map] = await Promise.all(['data.json', 'map.json'].map(async (name) => (await fetch(`/${name}`)).json() as Promise<unknown>));

const pairings = {
  code: { name: 'code', code: '407215', minutes: 10, revoked: false },
  revoked: { name: 'code', code: '407215', minutes: 10, revoked: true },
  asking: { name: 'asking' },
  unreachable: { name: 'unreachable', since: 83_000 },
  tooMany: { name: 'tooMany', seconds: 60 },
  approved: { name: 'approved' },
} as const;
const pairing = asked.get('pairing') as keyof typeof pairings | null;

const app = pairing
  ? createApp(PairingScreen, { state: pairings[pairing] })
  : createApp(GalleryWall, { picture: picture(state, data as GalleryData), map: asked.has('nomap') ? null : parseMap(map), figure });
app.use(createPinia());
app.use(createWords({ ...kindWords, figure: figureWords, wall: wallWords }));
app.mount('#app');
await document.fonts.ready;
document.documentElement.dataset.ready = 'yes';
