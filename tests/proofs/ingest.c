/*
 * ingest_load: plays a provider that retries until it hears 200, as Meta does.
 *   ingest_load PORT SECRET PHONE_NUMBER_ID COUNT SEED TAG
 * Sends COUNT signed webhooks, each once or more (a fifth twice, some thrice), in shuffled order, over 8 connections.
 * Prints one line when every one of them was acknowledged: acked=N posts=N failed=N. Message ids: wamid.TAG-<number>.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/crypto/crypto.h"

enum { THREADS = 8, GIVE_UP_S = 600 };

static struct { int port, count, total, next, posts, failed; const char *secret, *phone, *tag; int *order; pthread_mutex_t lock; } run = { .lock = PTHREAD_MUTEX_INITIALIZER };

static int dial(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)run.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval tv = { 10, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* One POST on a connection of its own. The status, 0 when there was no answer. */
static int post(struct arena *ar, int i)
{
	uint8_t mac[32];
	char *body = arena_fmt(ar, "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":\"messages\",\"value\":{\"messaging_product\":\"whatsapp\","
	    "\"metadata\":{\"display_phone_number\":\"55\",\"phone_number_id\":\"%s\"},\"contacts\":[{\"profile\":{\"name\":\"Pessoa %d\"},\"wa_id\":\"5531977%06d\"}],\"messages\":[{\"from\":"
	    "\"5531977%06d\",\"id\":\"wamid.%s-%d\",\"timestamp\":\"%d\",\"type\":\"text\",\"text\":{\"body\":\"n\\u00ba %d\"}}]}}]}]}",
	    run.phone, i % 200, i % 200, i % 200, run.tag, i, 1795000000 + i, i);
	char answer[512], *req;
	int fd = dial(), status = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	hmac_sha256(run.secret, strlen(run.secret), body, strlen(body), mac);
	req = arena_fmt(ar, "POST /hooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Hub-Signature-256: sha256=%s\r\nContent-Length: %zu\r\n\r\n%s",
	    hex_encode(ar, mac, sizeof(mac)), strlen(body), body);
	if (send(fd, req, strlen(req), MSG_NOSIGNAL) == (ssize_t)strlen(req) && (n = recv(fd, answer, sizeof(answer) - 1, 0)) > 12) {
		answer[n] = '\0';
		status = atoi(answer + 9);
	}
	close(fd);
	return status;
}

static void *work(void *unused)
{
	struct arena *ar = arena_new();
	time_t end = time(NULL) + GIVE_UP_S;

	(void)unused;
	for (;;) {
		int i, wait_ms = 20;

		pthread_mutex_lock(&run.lock);
		i = run.next < run.total ? run.order[run.next++] : -1;
		pthread_mutex_unlock(&run.lock);
		if (i < 0)
			break;
		for (;;) {
			int status = post(ar, i);

			arena_reset(ar);
			pthread_mutex_lock(&run.lock);
			run.posts++;
			run.failed += status != 200;
			pthread_mutex_unlock(&run.lock);
			if (status == 200 || time(NULL) > end)
				break;
			usleep((useconds_t)wait_ms * 1000);
			wait_ms = wait_ms < 1000 ? wait_ms * 2 : 1000;
		}
		if (time(NULL) > end) {
			printf("gave up at %d\n", i);
			exit(1);
		}
	}
	arena_free(ar);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t t[THREADS];

	if (argc != 7)
		return 64;
	crypto_start();
	run.port = atoi(argv[1]);
	run.secret = argv[2];
	run.phone = argv[3];
	run.count = atoi(argv[4]);
	run.tag = argv[6];
	srandom((unsigned)atoi(argv[5]));
	run.order = calloc((size_t)run.count * 3, sizeof(int));
	for (int i = 0; i < run.count; i++)
		for (int k = i % 50 == 0 ? 3 : i % 5 == 0 ? 2 : 1; k > 0; k--)
			run.order[run.total++] = i;
	for (int i = run.total - 1; i > 0; i--) {
		int k = (int)(random() % (i + 1)), x = run.order[i];

		run.order[i] = run.order[k];
		run.order[k] = x;
	}
	for (int i = 0; i < THREADS; i++)
		pthread_create(&t[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	printf("acked=%d posts=%d failed=%d\n", run.count, run.posts, run.failed);
	return 0;
}
