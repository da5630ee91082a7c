import '../ui/noEval.ts';
import '@fontsource-variable/noto-sans-sc/index.css';
import './shell/console.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { kindWords } from '../features/words.ts';
import { useTheme } from '../ui/appearance.ts';
import { figureWords } from '../ui/figureWords.ts';
import { createWords } from '../ui/i18n.ts';
import ConsoleApp from './shell/ConsoleApp.vue';
import { makeRouter } from './shell/router.ts';

useTheme();
const app = createApp(ConsoleApp);
app.use(createPinia());
app.use(createWords({ ...kindWords, figure: figureWords }));
app.use(makeRouter());
app.mount('#app');
