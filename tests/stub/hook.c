/*
 * hook.c: webhooks on their way. LANES threads, each with a heap ordered by due time; all that
 * concerns one recipient goes through one lane, so it leaves in order. What is not answered with 2xx
 * comes back with a growing pause, as Meta does, here for ten minutes.
 */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

enum { GIVE_UP_MS = 600 * 1000, TIMEOUT_MS = 20 * 1000 };

struct hook {
	struct hook *next;
	int64_t due_ms, born_ms;
	uint64_t seq;
	unsigned tries, lane;
	char *url, *body;
	bool bad_signature;
};

struct lane {
	struct hooks *all;
	pthread_t thread;
	pthread_cond_t wake;
	struct hook **heap;
	size_t n, cap;
	uint64_t epoch; /* raised by hooks_drop: what is being sent then does not come back */
};

struct hooks {
	struct stub *st;
	pthread_mutex_t lock;
	struct lane lanes[LANES];
	uint64_t seq;
	atomic_bool stop;
};

static void *need(void *p)
{
	if (!p)
		die("out of memory");
	return p;
}

static void hook_free(struct hook *h)
{
	free(h->url);
	free(h->body);
	free(h);
}

static bool before(const struct hook *a, const struct hook *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->seq < b->seq;
}

static void heap_push(struct lane *l, struct hook *h)
{
	size_t i = l->n++;

	if (l->n > l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		l->heap = need(realloc(l->heap, l->cap * sizeof(struct hook *)));
	}
	for (; i && before(h, l->heap[(i - 1) / 2]); i = (i - 1) / 2)
		l->heap[i] = l->heap[(i - 1) / 2];
	l->heap[i] = h;
}

static struct hook *heap_pop(struct lane *l)
{
	struct hook *top = l->heap[0], *last = l->heap[--l->n];
	size_t i = 0, k;

	while ((k = 2 * i + 1) < l->n) {
		if (k + 1 < l->n && before(l->heap[k + 1], l->heap[k]))
			k++;
		if (!before(l->heap[k], last))
			break;
		l->heap[i] = l->heap[k];
		i = k;
	}
	l->heap[i] = last;
	return top;
}

char *meta_json(const json_t *j)
{
	char *s = need(json_dumps(j, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ESCAPE_SLASH));

	for (char *p = s; *p; p++) {
		if (*p != '\\')
			continue;
		if (*++p != 'u')
			continue;
		for (int i = 1; i <= 4; i++)
			if (p[i] >= 'A' && p[i] <= 'F')
				p[i] = (char)(p[i] - 'A' + 'a');
	}
	return s;
}

struct hook *hook_new(const char *url, json_t *envelope, const char *lane, int64_t due_ms)
{
	struct hook *h = need(calloc(1, sizeof *h));

	h->url = need(strdup(url));
	h->body = meta_json(envelope);
	h->lane = (unsigned)(text_hash(lane) % LANES);
	h->due_ms = due_ms;
	return h;
}

struct hook *hook_raw(const char *url, const char *body, bool bad_signature)
{
	struct hook *h = need(calloc(1, sizeof *h));

	h->url = need(strdup(url));
	h->body = need(strdup(body));
	h->bad_signature = bad_signature;
	h->due_ms = wall_ms();
	return h;
}

void hook_later(struct req *r, struct hook *h)
{
	struct hook **p = &r->hooks;

	while (*p)
		p = &(*p)->next;
	*p = h;
}

static struct hook *hook_copy(const struct hook *h)
{
	struct hook *c = need(malloc(sizeof *c));

	*c = *h;
	c->next = NULL;
	c->url = need(strdup(h->url));
	c->body = need(strdup(h->body));
	return c;
}

static void push(struct hooks *all, struct hook *h)
{
	struct lane *l = &all->lanes[h->lane];

	h->seq = ++all->seq;
	heap_push(l, h);
	all->st->pending++;
	pthread_cond_signal(&l->wake);
}

void hook_push_all(struct stub *st, struct hook *list)
{
	struct hooks *all = st->hooks;
	bool twice;

	pthread_mutex_lock(&st->lock);
	twice = st->duplicates;
	pthread_mutex_unlock(&st->lock);
	pthread_mutex_lock(&all->lock);
	for (struct hook *h = list, *next; h; h = next) {
		next = h->next;
		h->next = NULL;
		h->born_ms = wall_ms();
		push(all, h);
		if (twice)
			push(all, hook_copy(h));
	}
	pthread_mutex_unlock(&all->lock);
}

static size_t ignore(char *p, size_t size, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	return size * n;
}

/* Ends a delivery that hangs when the program is to end. */
static int progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct lane *l = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return l->all->stop;
}

/* The HTTP status, 0 when there was none. */
static long deliver(const struct stub *st, CURL *c, struct arena *a, const struct hook *h)
{
	size_t n = strlen(h->body);
	struct curl_slist *headers;
	uint8_t mac[32];
	long http = 0;

	hmac_sha256(st->secret, strlen(st->secret), h->body, n, mac);
	if (h->bad_signature)
		mac[0] ^= 1;
	headers = curl_slist_append(NULL, "Content-Type: application/json");
	headers = need(curl_slist_append(headers,
		arena_fmt(a, "X-Hub-Signature-256: sha256=%s", hex_encode(a, mac, sizeof mac))));
	headers = need(curl_slist_append(headers, "Expect:"));
	curl_easy_setopt(c, CURLOPT_URL, h->url);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, h->body);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
	if (curl_easy_perform(c) == CURLE_OK)
		curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &http);
	curl_slist_free_all(headers);
	arena_reset(a);
	return http;
}

static int64_t pause_ms(unsigned tries)
{
	static const int64_t steps[] = { 1000, 2000, 5000, 10000, 20000, 40000 };

	return tries <= nitems(steps) ? steps[tries - 1] : 60000;
}

/* The lock is held. Takes h over: done, or back into the heap. */
static void settle(struct lane *l, struct hook *h, long http, uint64_t epoch)
{
	struct stub *st = l->all->st;

	if (http >= 200 && http < 300) {
		st->delivered++;
		LOG(LOG_DEBUG, "webhook.ok", "http", log_i(http), "tries", log_i(h->tries), NULL);
	} else if (epoch == l->epoch && wall_ms() - h->born_ms < GIVE_UP_MS) {
		st->retries++;
		LOG(LOG_INFO, "webhook.retry", "http", log_i(http), "tries", log_i(h->tries), NULL);
		h->due_ms = wall_ms() + pause_ms(h->tries);
		heap_push(l, h);
		return;
	} else {
		st->given_up++;
		LOG(LOG_WARN, "webhook.given_up", "http", log_i(http), "tries", log_i(h->tries), NULL);
	}
	st->pending--;
	hook_free(h);
}

/* Waits for the next webhook that is due; NULL at the end. The lock is held. */
static struct hook *next_due(struct lane *l)
{
	while (!l->all->stop) {
		int64_t now = wall_ms();
		struct timespec t;

		if (l->n && l->heap[0]->due_ms <= now)
			return heap_pop(l);
		t.tv_sec = (l->n ? l->heap[0]->due_ms : now + 60000) / 1000;
		t.tv_nsec = (l->n ? l->heap[0]->due_ms : now + 60000) % 1000 * 1000000;
		pthread_cond_timedwait(&l->wake, &l->all->lock, &t);
	}
	return NULL;
}

static void *lane_run(void *arg)
{
	struct lane *l = arg;
	struct arena *a = arena_new();
	CURL *c = need(curl_easy_init());
	struct hook *h;

	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "facebookexternalua");
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, l);
	pthread_mutex_lock(&l->all->lock);
	while ((h = next_due(l))) {
		uint64_t epoch = l->epoch;
		long http;

		pthread_mutex_unlock(&l->all->lock);
		h->tries++;
		http = deliver(l->all->st, c, a, h);
		pthread_mutex_lock(&l->all->lock);
		settle(l, h, http, epoch);
	}
	pthread_mutex_unlock(&l->all->lock);
	curl_easy_cleanup(c);
	arena_free(a);
	return NULL;
}

struct hooks *hooks_start(struct stub *st)
{
	struct hooks *all = need(calloc(1, sizeof *all));

	all->st = st;
	pthread_mutex_init(&all->lock, NULL);
	for (int i = 0; i < LANES; i++) {
		all->lanes[i].all = all;
		pthread_cond_init(&all->lanes[i].wake, NULL);
		if (pthread_create(&all->lanes[i].thread, NULL, lane_run, &all->lanes[i]) != 0)
			die("no thread");
	}
	return all;
}

void hooks_drop(struct hooks *all)
{
	pthread_mutex_lock(&all->lock);
	for (int i = 0; i < LANES; i++) {
		struct lane *l = &all->lanes[i];

		l->epoch++;
		all->st->pending -= l->n;
		while (l->n)
			hook_free(l->heap[--l->n]);
	}
	pthread_mutex_unlock(&all->lock);
}

void hooks_stop(struct hooks *all)
{
	pthread_mutex_lock(&all->lock);
	all->stop = true;
	for (int i = 0; i < LANES; i++)
		pthread_cond_signal(&all->lanes[i].wake);
	pthread_mutex_unlock(&all->lock);
	for (int i = 0; i < LANES; i++)
		pthread_join(all->lanes[i].thread, NULL);
	hooks_drop(all);
	for (int i = 0; i < LANES; i++) {
		free(all->lanes[i].heap);
		pthread_cond_destroy(&all->lanes[i].wake);
	}
	pthread_mutex_destroy(&all->lock);
	free(all);
}
