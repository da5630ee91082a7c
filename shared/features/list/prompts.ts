import type { ListItem } from './record.ts';

type Prompts = NonNullable<ListItem['prompts']>;
const ask = (...pairs: [zh: string, en: string][]): Prompts => pairs.map(([zh, en]) => ({ zh, en }));

/** What a new board's operators ask about each topic, and an older one's from then on; an administrator's to change. */
export const firstPrompts: Readonly<Record<string, Prompts>> = {
  symptoms: ask(['体温', 'Temperature'], ['症状几天', 'Days of symptoms'], ['接触史', 'Contacts'], ['去过哪里', 'Been where'], ['同住人', 'Lives with'], ['基础病', 'Other illness']),
  affectedArea: ask(['何时从何地来', 'From where, when'], ['同行几人', 'How many'], ['现住处', 'Staying at'], ['是否报备', 'Reported']),
  hazard: ask(['何物', 'What'], ['范围', 'How far'], ['伤亡', 'Anyone hurt'], ['已报 119 / 120', '119 / 120 called']),
  supplies: ask(['缺什么', 'What is short'], ['多少', 'How much'], ['还能撑几天', 'Days left'], ['联系人', 'Contact']),
  restart: ask(['企业名称', 'Enterprise'], ['复工人数', 'How many return'], ['卡在哪里', 'Held up by']),
  psychology: ask(['有无伤害自己或他人的念头', 'Thoughts of harming self or others'], ['身边有没有人', 'Anyone with them']),
  complaint: ask(['对象', 'Whom'], ['时间', 'When'], ['地点', 'Where'], ['证据', 'Evidence'], ['愿否留联系方式', 'May we contact them']),
  advice: ask(['问哪一件', 'About what'], ['是否已查过', 'Looked it up']),
  other: ask(['来意', 'What they want'], ['怎样回复', 'How to reply']),
};

/** Lists as they were before topics had questions of their own. */
export const withFirstPrompts = (body: Record<string, unknown>): Record<string, unknown> =>
  body.name !== 'topics' || !Array.isArray(body.items)
    ? body
    : { ...body, items: (body.items as ListItem[]).map((item) => (Object.hasOwn(firstPrompts, item.code) ? { prompts: firstPrompts[item.code], ...item } : item)) };
