#include "lib/net/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static bool address_ok(const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return net_address_ok((const struct sockaddr *)&v4);
	CU_ASSERT_FATAL(inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
	return net_address_ok((const struct sockaddr *)&v6);
}

static void addresses(void)
{
	static const char *const no[] = {
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
		"203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1",
		"2001:1::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "4000::1",
	};
	static const char *const yes[] = {
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "157.240.1.1",
		"192.169.0.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a03:2880:f12f:83::1", "::ffff:8.8.8.8", "2001:200::1",
	};

	for (size_t i = 0; i < nitems(no); i++)
		IS_INT(no[i], address_ok(no[i]), false);
	for (size_t i = 0; i < nitems(yes); i++)
		IS_INT(yes[i], address_ok(yes[i]), true);
}

/* ---- a server that does what a request's path says ---- */

static int listener;
static char base[64];

static void serve_one(int fd)
{
	char buf[4096] = { 0 };
	ssize_t n = read(fd, buf, sizeof(buf) - 1);
	const char *answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nRetry-After: 7\r\n\r\nok";

	if (n <= 0 || strstr(buf, " /reset") != NULL) {
		close(fd);
		return;
	}
	if (strstr(buf, " /half") != NULL)
		answer = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok";
	if (strstr(buf, " /move") != NULL)
		answer = "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n";
	if (strstr(buf, " /large") != NULL)
		answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n";
	if (strstr(buf, " /slow") != NULL)
		usleep(700000);
	if (strstr(buf, " /bearer") != NULL)
		answer = strstr(buf, "Authorization: Bearer secret\r\n") != NULL ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes" : answer;
	n = write(fd, answer, strlen(answer));
	close(fd);
}

static void *serve(void *p)
{
	int fd;

	(void)p;
	while ((fd = accept(listener, NULL, NULL)) >= 0)
		serve_one(fd);
	return NULL;
}

static struct net_response rs;
static struct arena *a;

static enum net_result get(const char *path, size_t max)
{
	struct net_request rq = { .method = "GET", .url = arena_fmt(a, "%s%s", base, path), .bearer = "secret", .max = max,
		.connect_ms = 500, .total_ms = 400, .once = true };

	return net_fetch(a, &rq, &rs);
}

static void results(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	static char allow[64];
	socklen_t len = sizeof(sa);
	pthread_t t;

	a = arena_new();
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CU_ASSERT_FATAL(bind(listener, (const struct sockaddr *)&sa, sizeof(sa)) == 0 && listen(listener, 8) == 0);
	CU_ASSERT_FATAL(getsockname(listener, (struct sockaddr *)&sa, &len) == 0);
	snprintf(allow, sizeof(allow), "example.org:80, 127.0.0.1:%d", ntohs(sa.sin_port));
	snprintf(base, sizeof(base), "http://127.0.0.1:%d", ntohs(sa.sin_port));
	net_start(allow, "test");
	pthread_create(&t, NULL, serve, NULL);

	IS_INT("an answer", get("/ok", 0), NET_OK);
	IS_INT("", rs.status, 200);
	IS_STR("", rs.body, "ok");
	IS_INT("", rs.retry_after, 7);
	IS_INT("bearer", get("/bearer", 0), NET_OK);
	IS_STR("bearer", rs.body, "yes");
	IS_INT("redirects are answers", get("/move", 0), NET_OK);
	IS_INT("redirects are answers", rs.status, 302);
	IS_INT("no answer", get("/reset", 0), NET_UNSURE);
	IS_INT("half an answer", get("/half", 0), NET_UNSURE);
	IS_INT("a late answer", get("/slow", 0), NET_UNSURE);
	IS_INT("too large, of unknown length", get("/large", 10), NET_TOO_LARGE);
	IS_INT("just fits", get("/large", 20), NET_OK);
	shutdown(listener, SHUT_RDWR);
	close(listener);
	pthread_join(t, NULL);
	IS_INT("nobody listens", get("/ok", 0), NET_NOT_SENT);
	arena_free(a);
}

/* None of these may reach the loopback service, whatever the spelling. */
static void refused(void)
{
	static const char *const urls[] = {
		"https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://[::1]/",
		"https://[::ffff:127.0.0.1]/", "https://localhost/", "https://0/", "https://169.254.169.254/", "https://10.0.0.1/",
		"http://8.8.8.8/", "https://8.8.8.8:8443/", "ftp://8.8.8.8/", "file:///etc/passwd", "gopher://127.0.0.1/", "dict://127.0.0.1/",
		"https://user@8.8.8.8/", "not a url", "", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "http://example.org:8080/",
	};

	a = arena_new();
	for (size_t i = 0; i < nitems(urls); i++) {
		struct net_request rq = { .method = "GET", .url = urls[i], .connect_ms = 300, .total_ms = 300 };
		enum net_result r = net_fetch(a, &rq, &rs);

		IS_STR(urls[i], net_result_name(r), "refused");
	}
	arena_free(a);
}

static void hosts(void)
{
	CU_ASSERT(net_host_is("https://lookaside.fbsbx.com/x?y=1", "lookaside.fbsbx.com"));
	CU_ASSERT(net_host_is("https://LOOKASIDE.fbsbx.com:443/", "lookaside.fbsbx.com"));
	CU_ASSERT_FALSE(net_host_is("http://lookaside.fbsbx.com/", "lookaside.fbsbx.com"));
	CU_ASSERT_FALSE(net_host_is("https://lookaside.fbsbx.com:444/", "lookaside.fbsbx.com"));
	CU_ASSERT_FALSE(net_host_is("https://lookaside.fbsbx.com.evil.test/", "lookaside.fbsbx.com"));
	CU_ASSERT_FALSE(net_host_is("https://evil.test/https://lookaside.fbsbx.com/", "lookaside.fbsbx.com"));
	CU_ASSERT_FALSE(net_host_is("https://lookaside.fbsbx.com@evil.test/", "lookaside.fbsbx.com"));
	CU_ASSERT(net_allowed("http://example.org/"));
	CU_ASSERT_FALSE(net_allowed("https://example.org/"));
	CU_ASSERT_FALSE(net_allowed("http://example.org.evil.test/"));
}

CU_TestInfo net_tests[] = {
	{ "only the public internet", addresses },
	{ "what became of a request", results },
	{ "no spelling leads inside", refused },
	{ "hosts that may see a token", hosts },
	CU_TEST_INFO_NULL
};
