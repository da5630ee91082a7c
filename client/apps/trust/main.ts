import '@fontsource-variable/noto-sans-sc/index.css';
import '../light/light.css';
import './trust.css';
import { createApp } from 'vue';
import Trust from './Trust.vue';

createApp(Trust).mount('#app');
