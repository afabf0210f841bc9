import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import vueParser from 'vue-eslint-parser'

const TYPED = ['**/*.ts']

export default tseslint.config(
  {
    ignores: [
      'out/**',
      'node_modules/**',
      'data/**',
      'test-results/**',
      'playwright-report/**',
      'engine/kernels/assembly/**',
      'engine/kernels/*.wasm.ts',
    ],
  },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser, sourceType: 'module' } },
    rules: { 'vue/multi-word-component-names': 'off', 'no-undef': 'off' },
  },
  {
    files: [...TYPED, '**/*.vue', '**/*.mjs'],
    rules: {
      'max-lines': ['error', { max: 640 }],
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      eqeqeq: ['error', 'always'],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a string union.' },
        {
          selector:
            "BinaryExpression[operator=/^[-+<>]/] > CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Measure durations with performance.now(): the system clock can be set back.',
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['cli/**/*.mjs', 'tests/**/*.mjs', 'bench/**', 'engine/kernels/build.mjs'], rules: { 'no-console': 'off' } },
)
