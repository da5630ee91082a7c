import type { Component } from 'vue';
import AlertChip from '../../features/alert/AlertChip.vue';
import LevelChip from '../../features/level/LevelChip.vue';

/** What kinds show in the header of every console, such as the response level in force. Each reads the board by itself. */
export const headerBadges: Component[] = [LevelChip, AlertChip];
