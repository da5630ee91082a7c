import '../../ui/noEval.ts';
import '@fontsource-variable/noto-sans-sc/index.css';
import '../../ui/theme.css';
import '../../ui/wall.css';
import { createPinia } from 'pinia';
import { createApp, watch } from 'vue';
import { useBoard } from '../../board/store.ts';
import { kindWords } from '../../features/words.ts';
import { figureWords } from '../../ui/figureWords.ts';
import { createWords } from '../../ui/i18n.ts';
import { keepPage } from './keepPage.ts';
import Wall from './Wall.vue';
import { words } from './words.ts';

const app = createApp(Wall);
app.use(createPinia());
app.use(createWords({ ...kindWords, figure: figureWords, wall: words }));
app.mount('#app');

// What the page shows, for whoever watches walls by program; set after the figures themselves.
watch(
  () => useBoard().at,
  (at) => {
    if (at) document.documentElement.dataset.revision = String(at.revision);
  },
  { flush: 'post', immediate: true },
);

// Once it is live: what comes first is the picture.
const stopWaiting = watch(
  () => useBoard().link.name,
  (name) => {
    if (name !== 'live') return;
    stopWaiting();
    void keepPage();
  },
);
