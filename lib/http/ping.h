/* ping.h: asks a FastCGI program on its unix socket whether it answers. */
#ifndef HTTP_PING_H
#define HTTP_PING_H

#include "lib/base/base.h"

/* True when the program behind sock answers any request within timeout_ms (FastCGI 1.0 §8: one request, role responder). */
bool fcgi_ping(const char *sock, int timeout_ms);
/* The same for a program that speaks HTTP: true when GET path answers 200. */
bool http_ping(const char *sock, const char *path, int timeout_ms);

#endif
