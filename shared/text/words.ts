/** The shape of a set of words: whatever the Chinese has, the English must have, and nothing else. */
export type SameWords<T> = { [K in keyof T]: T[K] extends string ? string : SameWords<T[K]> };

/** Words in both languages; one that is missing in either does not compile. Placeholders are named: `{max}`. */
export const inBoth = <const Zh>(zh: Zh, en: SameWords<Zh>): { zh: Zh; en: SameWords<Zh> } => ({ zh, en });
