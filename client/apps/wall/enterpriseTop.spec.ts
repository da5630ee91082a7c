import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meets } from '../../../shared/screen/stage.ts';
import { ENTERPRISES, enterpriseTop } from './enterpriseTop.ts';

test('without seams the panel stands at the bottom, with them its title and figures are on one side of each', () => {
  expect(enterpriseTop({ from: 188, to: 928 }, [])).toBe(928 - ENTERPRISES);
  expect(enterpriseTop({ from: 188, to: 928 }, [{ from: 352, to: 368 }, { from: 712, to: 728 }])).toBeLessThanOrEqual(506);
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 1_600 }), fc.integer({ min: 100, max: 1_500 }), (to, at) => {
      const seam = { from: at, to: at + 16 };
      const top = enterpriseTop({ from: 188, to }, [seam]);
      expect(top).toBeGreaterThan(188 - 1);
      expect(meets(seam, { from: top, to: top + 206 })).toBe(false);
    }),
  );
});
