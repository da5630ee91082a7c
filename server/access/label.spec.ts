import { expect, test } from 'vitest';
import { labelOf, surnameOf } from './label.ts';

test('a person is shown by post and surname, never more', () => {
  expect(labelOf({ post: '接线员', name: '李小明' })).toBe('接线员 李');
  expect(['欧阳文', '司马相如', '欧阳', '王', ' Anna Smith ', 'Zhou'].map(surnameOf)).toEqual(['欧阳', '司马', '欧', '王', 'Smith', 'Zhou']);
});
