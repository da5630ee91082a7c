import '../light/light.css';
import { createApp } from 'vue';
import Outer from './Outer.vue';

createApp(Outer).mount('#app');
