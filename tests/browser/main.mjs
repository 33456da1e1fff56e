// main.mjs [PART [CHAPTER]]: drives a running instance (BALCAO_HTTP_PORT, BALCAO_DIR) with a browser. SHOTS=1 keeps pictures
// in build/shots; TIMES=1 tells how long each chapter took. Ends with "passed=N failed=N".
import { close, open } from './kit.mjs';
import { journey } from './journey.mjs';
import { pages } from './pages.mjs';
import { rough } from './rough.mjs';
import { talk } from './talk.mjs';
import { two } from './two.mjs';

const parts = { journey, two, rough, talk, pages }, [only] = process.argv.slice(2);
try {
	await open();
	for (const [name, run] of Object.entries(parts)) if (!only || only === name) await run();
} finally { await close(); }
