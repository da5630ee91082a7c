/** Questions of a topic whose label goes into the narrative, and the answer behind it. */

/** Whether the question's label, in either language, stands in the narrative. */
export const asks = (narrative: string, question: { zh: string; en: string }): boolean => [question.zh, question.en].some((label) => narrative.includes(`${label}：`) || narrative.includes(`${label}:`));

/** The narrative with the next question behind it, ready for the answer. */
export function withQuestion(narrative: string, label: string, colon: string): string {
  const said = narrative.trimEnd();
  const gap = said === '' ? '' : /[，。；：？！、,.;:?!]$/u.test(said) ? (colon === '：' ? '' : ' ') : colon === '：' ? '；' : '; ';
  return `${said}${gap}${label}${colon}`;
}
