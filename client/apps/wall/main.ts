import '../../ui/noEval.ts';
import '@fontsource-variable/noto-sans-sc/index.css';
import '../../ui/theme.css';
import '../../ui/wall.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { kindWords } from '../../features/words.ts';
import { figureWords } from '../../ui/figureWords.ts';
import { createWords } from '../../ui/i18n.ts';
import Wall from './Wall.vue';
import { words } from './words.ts';

const app = createApp(Wall);
app.use(createPinia());
app.use(createWords({ ...kindWords, figure: figureWords, wall: words }));
app.mount('#app');
