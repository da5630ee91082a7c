import '../light/light.css';
import { createApp } from 'vue';
import Trust from './Trust.vue';

createApp(Trust).mount('#app');
