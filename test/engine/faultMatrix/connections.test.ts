/** The fault matrix, second part: connections that fail, unreadable responses, and responses after acceptance. */
import { testRows } from './matrix';
import { isResponse } from './row';

testRows((row) => !isResponse(row));
