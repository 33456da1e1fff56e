#include "lib/net/crash.h"

#ifdef CRASH_POINTS
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void crash_point(const char *name)
{
	static long passed;
	const char *want = getenv("BALCAO_CRASH");
	size_t n = strlen(name);

	if (want == NULL || strncmp(want, name, n) != 0 || want[n] != ':')
		return;
	if (++passed == strtol(want + n + 1, NULL, 10))
		kill(getpid(), SIGKILL);
}
#else
typedef int crash_none; /* ISO C wants something in a file */
#endif
