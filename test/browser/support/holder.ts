// Starts a browser, prints its process ID and its profile as one line of JSON, and never ends by itself.
import { startBrowser } from '../../../harness/browser/browser';

void startBrowser().then(({ pid, profile }) => console.log(JSON.stringify({ pid, profile })));
setInterval(() => undefined, 1000);
