/** The common two-character surnames; of all others the first character is the surname. */
const double = new Set(
  '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 司空 夏侯 南宫 端木 独孤 轩辕 呼延 闻人 澹台 濮阳 淳于 单于 申屠 钟离 鲜于 闾丘 百里 东郭 南门 西门 左丘 梁丘 公冶 太史 纳兰'.split(' '),
);

/** `李` of `李小明`, `欧阳` of `欧阳文`, `Smith` of `Anna Smith`. */
export function surnameOf(name: string): string {
  const text = name.trim();
  if (/^\p{Script=Han}/u.test(text)) {
    const first = [...text].slice(0, 2).join('');
    return double.has(first) && [...text].length > 2 ? first : ([...text][0] ?? '');
  }
  return text.split(/\s+/).at(-1) ?? '';
}

/** How a person is shown on everything they did: post and surname, never more. */
export const labelOf = (person: { name: string; post: string }): string => `${person.post} ${surnameOf(person.name)}`;
