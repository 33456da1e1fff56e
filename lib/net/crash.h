/*
 * crash.h: named points at which a test can have the process killed. Builds without -DCRASH_POINTS hold
 * nothing of it; the others kill themselves with SIGKILL when BALCAO_CRASH is "name:n" and the point is
 * passed for the n-th time.
 */
#ifndef NET_CRASH_H
#define NET_CRASH_H

#ifdef CRASH_POINTS
void crash_point(const char *name);
#else
#define crash_point(name) ((void)(name))
#endif

#endif
