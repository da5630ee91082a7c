import { z } from 'zod';

// zod tries whether it may compile its parsers, which a page under our policy may not, and each try is a reported violation.
z.config({ jitless: true });
