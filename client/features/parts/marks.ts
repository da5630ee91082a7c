/** What stands between words in each language; read with `name()` of the page's words. */
export const comma = { zh: '、', en: ', ' } as const;
export const colon = { zh: '：', en: ': ' } as const;
export const semicolon = { zh: '；', en: '; ' } as const;
/** Between clauses, where `comma` stands between the items of a list. */
export const clause = { zh: '，', en: ', ' } as const;
/** Around an aside. */
export const aside = { zh: (words: string): string => `（${words}）`, en: (words: string): string => ` (${words})` };
