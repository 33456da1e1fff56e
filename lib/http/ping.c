#include "lib/http/ping.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/clock.h"

static int dial(const char *path, int timeout_ms)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct timeval tv = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
	int fd;

	if (strlen(path) >= sizeof(a.sun_path) || (fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		return -1;
	memcpy(a.sun_path, path, strlen(path) + 1);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Sends all of p, then waits for the first bytes of an answer. Returns their number. */
static ssize_t ask(const char *sock, const void *p, size_t n, char *answer, size_t room, int timeout_ms)
{
	int fd = dial(sock, timeout_ms);
	struct pollfd w = { fd, POLLIN, 0 };
	ssize_t got = -1;

	if (fd < 0)
		return -1;
	if (send(fd, p, n, MSG_NOSIGNAL) == (ssize_t)n && poll(&w, 1, timeout_ms) == 1)
		got = recv(fd, answer, room, 0);
	close(fd);
	return got;
}

static size_t pair(unsigned char *to, const char *name, const char *value)
{
	size_t a = strlen(name), b = strlen(value);

	to[0] = (unsigned char)a;
	to[1] = (unsigned char)b;
	memcpy(to + 2, name, a);
	memcpy(to + 2 + a, value, b);
	return 2 + a + b;
}

bool fcgi_ping(const char *sock, int timeout_ms)
{
	/* BEGIN_REQUEST (responder, no keep), PARAMS, end of PARAMS, end of STDIN. */
	unsigned char m[256] = { 1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 4, 0, 1 };
	size_t n = 24, len;
	char answer[8];

	len = pair(m + n, "REQUEST_METHOD", "GET");
	len += pair(m + n + len, "DOCUMENT_URI", "/_ping");
	m[20] = 0;
	m[21] = (unsigned char)len;
	n += len;
	memcpy(m + n, (const unsigned char[]){ 1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1, 0, 0, 0, 0 }, 16);
	n += 16;
	return ask(sock, m, n, answer, sizeof(answer), timeout_ms) == (ssize_t)sizeof(answer) && answer[0] == 1;
}

bool http_ping(const char *sock, const char *path, int timeout_ms)
{
	char req[256], answer[16];
	int n = snprintf(req, sizeof(req), "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);

	return n > 0 && ask(sock, req, (size_t)n, answer, sizeof(answer), timeout_ms) >= 12 && strncmp(answer + 9, "200", 3) == 0;
}
