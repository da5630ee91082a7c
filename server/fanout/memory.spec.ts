import { describe } from 'vitest';
import { fanoutContract } from './fanout.contract.ts';
import { MemoryBus } from './memory.ts';

describe('the bus of one process', () => {
  fanoutContract(async () => {
    const bus = new MemoryBus();
    return { connect: async () => bus.connect(), close: async () => undefined };
  });
});
