/*
 * bench_load: a load of HTTP/1.1 requests over kept connections to 127.0.0.1, one thread a connection.
 *   bench_load PORT CONNECTIONS SECONDS get PATH TOKEN
 *   bench_load PORT CONNECTIONS SECONDS hook SECRET PHONE_NUMBER_ID   (each webhook is new and signed)
 * Prints: requests, errors, requests/s, p50, p95, p99 in milliseconds, tab-separated. Any answer but 200 is an error.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/crypto/crypto.h"

enum { MAX_SAMPLES = 400000, ROOM = 262144 };

struct worker {
	int port, id, seconds;
	const char *kind, *a, *b;
	float *ms;
	int n, errors;
	pthread_t thread;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* The webhook as Meta sends it, with ids of its own. */
static int hook_request(const struct worker *w, int seq, struct arena *ar, char *out)
{
	uint8_t mac[32];
	char *body = arena_fmt(ar, "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"102290129340398\",\"changes\":[{\"field\":\"messages\",\"value\":{\"messaging_product\":"
	    "\"whatsapp\",\"metadata\":{\"display_phone_number\":\"553133330000\",\"phone_number_id\":\"%s\"},\"contacts\":[{\"profile\":{\"name\":\"Pessoa %d\"},\"wa_id\":\"5531988%06d\"}],"
	    "\"messages\":[{\"from\":\"5531988%06d\",\"id\":\"wamid.bench-%d-%d-%d\",\"timestamp\":\"%ld\",\"type\":\"text\",\"text\":{\"body\":\"Mensagem %d\"}}]}}]}]}",
	    w->b, seq % 1000, seq % 1000000, seq % 1000000, (int)getpid(), w->id, seq, (long)time(NULL), seq);

	hmac_sha256(w->a, strlen(w->a), body, strlen(body), mac);
	return snprintf(out, ROOM, "POST /hooks/whatsapp HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\nX-Hub-Signature-256: sha256=%s\r\nContent-Length: %zu\r\n\r\n%s",
	    w->port, hex_encode(ar, mac, sizeof(mac)), strlen(body), body);
}

static int get_request(const struct worker *w, char *out)
{
	return snprintf(out, ROOM, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAuthorization: Bearer %s\r\nAccept: application/json\r\n\r\n", w->a, w->port, w->b);
}

/* Reads one answer, by length or by chunks. False when it is broken. */
static bool answer(int fd, char *buf, int *status)
{
	size_t n = 0, want = 0;
	bool chunked = false;
	char *end = NULL;

	for (;;) {
		ssize_t got;

		if (end == NULL && n > 0 && (end = strstr(buf, "\r\n\r\n")) != NULL) {
			const char *len = strcasestr(buf, "\r\nContent-Length:");

			*status = atoi(buf + 9);
			chunked = strcasestr(buf, "\r\nTransfer-Encoding: chunked") != NULL;
			want = (size_t)(end + 4 - buf) + (len != NULL && len < end ? (size_t)atol(len + 17) : 0);
		}
		if (end != NULL && (chunked ? n >= 5 && memcmp(buf + n - 5, "0\r\n\r\n", 5) == 0 : n >= want))
			return true;
		if (n >= ROOM - 1)
			return false;
		got = recv(fd, buf + n, ROOM - 1 - n, 0);
		if (got <= 0)
			return false;
		n += (size_t)got;
		buf[n] = '\0';
	}
}

static void *run(void *p)
{
	struct worker *w = p;
	char *req = malloc(ROOM), *buf = malloc(ROOM);
	struct arena *ar = arena_new();
	double stop = now() + w->seconds;
	int fd = dial(w->port);

	for (int seq = 0; now() < stop && w->n < MAX_SAMPLES; seq++) {
		int len = strcmp(w->kind, "hook") == 0 ? hook_request(w, seq, ar, req) : get_request(w, req), status = 0;
		double start = now();

		buf[0] = '\0';
		if (fd < 0 || send(fd, req, (size_t)len, MSG_NOSIGNAL) != len || !answer(fd, buf, &status) || status != 200) {
			w->errors++;
			if (fd >= 0)
				close(fd);
			fd = dial(w->port);
		} else {
			w->ms[w->n++] = (float)((now() - start) * 1000);
		}
		arena_reset(ar);
	}
	if (fd >= 0)
		close(fd);
	arena_free(ar);
	free(req);
	free(buf);
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int conns = argc == 7 ? atoi(argv[2]) : 0, total = 0, errors = 0;
	struct worker *w = calloc((size_t)conns + 1, sizeof(*w));
	double start, took;
	float *all;

	if (conns < 1 || w == NULL)
		return 64;
	crypto_start();
	start = now();
	for (int i = 0; i < conns; i++) {
		w[i] = (struct worker){ .port = atoi(argv[1]), .id = i, .seconds = atoi(argv[3]), .kind = argv[4], .a = argv[5], .b = argv[6], .ms = calloc(MAX_SAMPLES, sizeof(float)) };
		pthread_create(&w[i].thread, NULL, run, &w[i]);
	}
	for (int i = 0; i < conns; i++) {
		pthread_join(w[i].thread, NULL);
		total += w[i].n;
		errors += w[i].errors;
	}
	took = now() - start;
	all = calloc((size_t)total + 1, sizeof(float));
	for (int i = 0, k = 0; i < conns; k += w[i].n, i++)
		memcpy(all + k, w[i].ms, (size_t)w[i].n * sizeof(float));
	qsort(all, (size_t)total, sizeof(float), by_value);
	printf("%d\t%d\t%.0f\t%.2f\t%.2f\t%.2f\n", total, errors, total / took, (double)all[total / 2], (double)all[(int)(total * 0.95)], (double)all[(int)(total * 0.99)]);
	return total > 0 ? 0 : 1;
}
