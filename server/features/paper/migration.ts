import { partitionFor } from '../../record/migration.ts';

export const migration = partitionFor('paper');
