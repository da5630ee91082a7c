import type { Level } from './record.ts';

export function samples(): { id: string; body: Level }[] {
  return [
    {
      id: 'current',
      body: {
        level: 'I',
        previous: 'none',
        since: Date.UTC(2020, 0, 23, 10, 0),
        by: '值班领导 陈',
        grounds: '省政府决定启动重大突发公共卫生事件一级响应',
        text: '各级各部门按一级响应要求到岗到位，实行 24 小时值班和日报告、零报告制度。',
      },
    },
  ];
}
