/**
 * Loaded before a hub (`--import`) by the tests alone: the wall clock of that process is as far from the machine's as the
 * file named by BOARD_CLOCK_FILE says, read at the start and at every SIGUSR2. The monotonic clock is left as it is, as it
 * is when somebody sets a machine's time.
 */
import { readFileSync } from 'node:fs';

const real = Date.now;
let ahead = 0;
function read() {
  ahead = Number(readFileSync(process.env.BOARD_CLOCK_FILE, 'utf8'));
}
read();
process.on('SIGUSR2', read);
Date.now = () => real() + ahead;
