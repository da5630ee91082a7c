import '../light/light.css';
import { createApp } from 'vue';
import { pasteWhole } from '../../ui/pasteWhole.ts';
import Outer from './Outer.vue';

pasteWhole(document);
createApp(Outer).mount('#app');
