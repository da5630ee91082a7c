import type { OuterPurpose } from '../outer/purpose.ts';
import { codePage } from './enterprise/codePage.ts';
import { driver } from './shipment/driver.ts';

/** THE list of what strangers' phones are given links for. */
export const outerPurposes: readonly OuterPurpose[] = [driver, codePage];
