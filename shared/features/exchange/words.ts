import { inBoth } from '../../text/words.ts';

export const words = inBoth(
  {
    name: '话务交换机',
    plural: '话务交换机',
    fields: { code: '代号', state: '状态', since: '自' },
    states: { connected: '已连接', lost: '失联' },
    readings: { connected: '已连接的交换机', lost: '失联的交换机', lostSince: '最早失联始于' },
    commands: { report: '上报连接状态' },
    headlines: { exchangeLost: '话务交换机 {exchange} 失联，登记照常', exchangeBack: '话务交换机 {exchange} 恢复连接' },
  },
  {
    name: 'Exchange',
    plural: 'Exchanges',
    fields: { code: 'Code', state: 'State', since: 'Since' },
    states: { connected: 'Connected', lost: 'Lost' },
    readings: { connected: 'Exchanges connected', lost: 'Exchanges lost', lostSince: 'Longest lost since' },
    commands: { report: 'Connection reported' },
    headlines: { exchangeLost: 'Telephone exchange {exchange} lost; logging goes on', exchangeBack: 'Telephone exchange {exchange} connected again' },
  },
);
