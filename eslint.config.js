import vue from 'eslint-plugin-vue';
import ts from 'typescript-eslint';

/** Which room may not import which, and why. Paths are as written in an import, always with their extension. */
const apart = (files, rules, ignores = []) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': ['error', { patterns: rules.map(([regex, message]) => ({ regex, message })) }],
  },
});
const toServer = ['(^|/)server/', 'The server is not for this room: share it through shared/.'];
const toClient = ['(^|/)client/', 'The screens are not for this room: share it through shared/.'];
const toTests = ['(^|/)e2e/', 'The product does not import its tests.'];
const toFeatures = ['(^|/)features/([A-Za-z]+/|index\\.ts$)', 'The spine knows no kind: it is handed the list.'];
const spine = ['server/hub/**', 'server/record/**', 'server/fanout/**', 'client/board/**', 'shared/protocol/**'];
/** The one file that knows the expression language of rules. */
const expressions = 'shared/features/rule/expression.ts';
const specs = ['**/*.spec.ts', '**/*.e2e.ts', '**/testing/**'];

const noDate = {
  'no-restricted-syntax': [
    'error',
    {
      selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
      message: 'Time is injected: take a Clock.',
    },
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is injected: take a Clock.' },
  ],
};

export default ts.config(
  { ignores: ['dist/**', 'node_modules/**', 'data/**', '.cache/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...ts.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    // The type-check knows better what is defined.
    rules: { 'no-undef': 'off', 'vue/return-in-computed-property': 'off', 'vue/multi-word-component-names': 'off' },
  },
  {
    rules: {
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'no-control-regex': 'error',
      'no-cond-assign': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'no-async-promise-executor': 'error',
      'no-fallthrough': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' }],
    },
  },
  apart(['shared/**'], [toServer, toClient, toTests, ['^(?!\\.|zod$|@date-fns/tz$)', 'shared/ needs nothing but zod and @date-fns/tz.']], [...specs, expressions]),
  // A rule is judged alike by the hub that notices, the command that raises the alert and the page that tries it.
  apart([expressions], [toServer, toClient, toTests, ['^(?!\\.|@marcbachmann/cel-js$)', 'The expression language is known here and nowhere else.']]),
  apart(['client/**'], [toServer, toTests], specs),
  apart(['server/**'], [toClient, toTests], specs),
  // The later of two settings of one rule holds, so the spine's repeat their room's.
  apart(['shared/protocol/**'], [toServer, toClient, toTests, toFeatures], specs),
  apart(['client/board/**'], [toServer, toTests, toFeatures], specs),
  apart(spine.filter((room) => room.startsWith('server/')), [toClient, toTests, toFeatures], specs),
  {
    files: ['shared/**', 'server/**'],
    ignores: [...specs, 'shared/time/**', 'server/index.ts', 'server/prepare.mjs', 'server/start.mjs', 'server/embedded/**'],
    rules: noDate,
  },
  {
    files: ['server/**', 'shared/**'],
    ignores: [...specs, 'server/start.mjs', 'server/prepare.mjs'],
    rules: { 'no-console': 'error' },
  },
);
