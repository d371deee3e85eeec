/** The fault matrix, first part: HiDream responds with an HTTP status or a code. */
import { testRows } from './matrix';
import { isResponse } from './row';

testRows(isResponse);
