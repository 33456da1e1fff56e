#include "lib/net/net.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"
#include "lib/net/crash.h"
#include "lib/net/net_internal.h"

enum { CONNECT_MS = 5000, TOTAL_MS = 20000, ANSWER_MAX = 1 << 20 };

static CURL *handle;           /* kept for its open connections */
static const char *agent = "balcao";

/* One request under way. */
struct call {
	struct buf *out;
	size_t max;
	bool exempt, refused, opened, too_large, sent;
};

void net_start(const char *allow, const char *user_agent)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("libcurl does not start");
	net_allow(allow);
	agent = user_agent;
}

void net_stop(void)
{
	curl_easy_cleanup(handle);
	handle = NULL;
	curl_global_cleanup();
}

const char *net_result_name(enum net_result r)
{
	static const char *const names[] = { "ok", "not_sent", "unsure", "refused", "too_large" };

	return names[r];
}

/* The guard: the address that was resolved is the one that is judged, so no name can point elsewhere later. */
static curl_socket_t open_socket(void *p, curlsocktype purpose, struct curl_sockaddr *sa)
{
	struct call *c = p;
	curl_socket_t s;

	if (purpose != CURLSOCKTYPE_IPCXN || (!c->exempt && !net_address_ok(&sa->addr))) {
		c->refused = true;
		return CURL_SOCKET_BAD;
	}
	s = socket(sa->family, sa->socktype | SOCK_CLOEXEC, sa->protocol);
	if (s >= 0)
		c->opened = true;
	return s;
}

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	struct call *c = ctx;

	n *= size;
	if (n > c->max - c->out->n) {
		c->too_large = true;
		return 0;
	}
	buf_add(c->out, p, n);
	return n;
}

/* Called while the transfer runs: once the body has gone out, a test may end us here. */
static int progress(void *p, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	struct call *c = p;

	(void)down_total;
	if (!c->sent && up_total > 0 && up == up_total && down == 0) {
		c->sent = true;
		crash_point("mid_send");
	}
	return 0;
}

static struct curl_slist *headers_of(const struct net_request *rq, struct arena *a)
{
	struct curl_slist *h = curl_slist_append(NULL, "Expect:"); /* no waiting for 100-continue */

	if (rq->bearer != NULL)
		h = curl_slist_append(h, arena_fmt(a, "Authorization: Bearer %s", rq->bearer));
	if (rq->type != NULL)
		h = curl_slist_append(h, arena_fmt(a, "Content-Type: %s", rq->type));
	h = curl_slist_append(h, "Accept: application/json, */*");
	if (h == NULL)
		die("out of memory");
	return h;
}

static void prepare(CURL *h, const struct net_request *rq, struct call *c, const struct curl_slist *headers)
{
	curl_easy_setopt(h, CURLOPT_URL, rq->url);
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h, CURLOPT_USERAGENT, agent);
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, c->exempt ? "http,https" : "https");
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)(rq->connect_ms > 0 ? rq->connect_ms : CONNECT_MS));
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)(rq->total_ms > 0 ? rq->total_ms : TOTAL_MS));
	curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, c);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress);
	curl_easy_setopt(h, CURLOPT_XFERINFODATA, c);
	curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
	/* On a kept connection that died libcurl sends the request a second time by itself. */
	curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, rq->once ? 1L : 0L);
	curl_easy_setopt(h, CURLOPT_FORBID_REUSE, rq->once ? 1L : 0L);
	if (strcmp(rq->method, "POST") == 0) {
		curl_easy_setopt(h, CURLOPT_POST, 1L);
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->nbody);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, rq->nbody > 0 ? rq->body : "");
	}
}

/* Nothing left us when libcurl wrote no byte of the request; what failed before the request could start never does. */
static enum net_result failure(CURLcode rc, const struct call *c)
{
	long bytes = 0;
	curl_off_t ready = 0;

	if (c->too_large)
		return NET_TOO_LARGE;
	if (c->refused && !c->opened)
		return NET_REFUSED;
	curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &bytes);
	curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready);
	if (rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_URL_MALFORMAT)
		return NET_REFUSED;
	return bytes == 0 && ready == 0 ? NET_NOT_SENT : NET_UNSURE;
}

static void free_buf(void *p)
{
	buf_free(p);
}

static bool place_ok(struct arena *a, const struct net_request *rq, struct call *c, struct net_response *rs)
{
	struct net_place p;

	if (rq->bearer != NULL && strpbrk(rq->bearer, "\r\n") != NULL) {
		rs->why = "the token would end its header";
		return false;
	}
	if (!net_place_of(a, rq->url, &p)) {
		rs->why = "the URL cannot be read";
		return false;
	}
	c->exempt = net_place_allowed(&p);
	if (c->exempt || (strcmp(p.scheme, "https") == 0 && strcmp(p.port, "443") == 0))
		return true;
	rs->why = "only https on port 443";
	return false;
}

enum net_result net_fetch(struct arena *a, const struct net_request *rq, struct net_response *rs)
{
	struct call c = { .max = rq->max > 0 ? rq->max : ANSWER_MAX };
	struct curl_slist *headers;
	enum net_result result = NET_OK;
	curl_off_t wait = 0;
	long status = 0;
	CURLcode rc;

	*rs = (struct net_response){ .body = "" };
	if (!place_ok(a, rq, &c, rs))
		return NET_REFUSED;
	if (handle == NULL && (handle = curl_easy_init()) == NULL)
		die("out of memory");
	c.out = ARENA_NEW(a, struct buf);
	arena_defer(a, free_buf, c.out);
	headers = headers_of(rq, a);
	curl_easy_reset(handle);
	prepare(handle, rq, &c, headers);
	rc = curl_easy_perform(handle);
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &wait);
	if (rc != CURLE_OK) {
		result = failure(rc, &c);
		rs->why = arena_str(a, c.refused ? "address refused" : curl_easy_strerror(rc));
	}
	curl_slist_free_all(headers);
	rs->status = (int)status;
	rs->retry_after = wait > 0 && wait < 86400 ? (int)wait : 0;
	rs->n = c.out->n;
	if (c.out->p != NULL)
		rs->body = c.out->p;
	return result;
}
