/** What stands between words in each language; read with `name()` of the page's words. */
export const comma = { zh: '、', en: ', ' } as const;
export const colon = { zh: '：', en: ': ' } as const;
export const semicolon = { zh: '；', en: '; ' } as const;
