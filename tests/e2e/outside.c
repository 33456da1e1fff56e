/* outside.c: what is around the programs of the world: its processes, and the WhatsApp double. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/crypto.h"
#include "tests/e2e/world.h"

/* ---- processes ---- */

static char *slurp(const char *path)
{
	static char text[4096];
	FILE *f = fopen(path, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	if (f != NULL)
		fclose(f);
	return text;
}

long pid_of(const char *service)
{
	return strtol(slurp(arena_fmt(mem, "%s/pid/%s", world.dir, service)), NULL, 10);
}

static bool is_called(long pid, const char *name)
{
	const char *comm = slurp(arena_fmt(mem, "/proc/%ld/comm", pid));

	return strncmp(comm, name, strlen(name) < 15 ? strlen(name) : 15) == 0;
}

size_t pids_below(long pid, const char *name, long *out, size_t max)
{
	const char *s = arena_str(mem, slurp(arena_fmt(mem, "/proc/%ld/task/%ld/children", pid, pid)));
	size_t n = 0;

	for (char *end; n < max; s = end) {
		long kid = strtol(s, &end, 10);

		if (end == s)
			break;
		if (is_called(kid, name))
			out[n++] = kid;
		n += pids_below(kid, name, out + n, max - n);
	}
	return n;
}

static bool is_stopped(long pid)
{
	const char *stat = slurp(arena_fmt(mem, "/proc/%ld/stat", pid)), *state = strrchr(stat, ')');

	return state != NULL && strncmp(state, ") T", 3) == 0;
}

/* Whatever cron started, also what is a job only in a moment. */
static void signal_jobs(int sig)
{
	long cron = pid_of("cron"), jobs[64];
	size_t n;

	if (cron <= 0)
		return;
	kill((pid_t)cron, sig);
	if (sig == SIGSTOP)
		expect_(WAIT(30, is_stopped(cron)), __FILE__, __LINE__, "cron does not stop");
	n = pids_below(cron, "", jobs, 64);
	for (size_t i = 0; i < n; i++)
		kill((pid_t)jobs[i], sig);
}

/* A worker that was caught inside a transaction would hold its locks: it goes on until it is outside. */
void jobs_pause(void)
{
	for (int i = 0; i < 100; i++) {
		signal_jobs(SIGSTOP);
		nap(20);
		if (sqln("SELECT count(*) FROM pg_stat_activity WHERE usename = 'balcao_worker' AND state <> 'idle'") == 0)
			return;
		signal_jobs(SIGCONT);
		nap(50);
	}
	expect_(false, __FILE__, __LINE__, "the jobs do not come to rest");
}

void jobs_resume(void)
{
	signal_jobs(SIGCONT);
}

/* ---- WhatsApp ---- */

long hook_post(struct client *c, const char *path, const char *secret, const char *body, size_t n)
{
	struct body b = { "application/json", body, n };
	const char *headers[] = { NULL, NULL };
	uint8_t mac[32];

	hmac_sha256(secret, strlen(secret), body, n, mac);
	headers[0] = arena_fmt(mem, "X-Hub-Signature-256: sha256=%s", hex_encode(mem, mac, sizeof(mac)));
	return http(c, "POST", path, &b, headers);
}

const char *wamid_new(void)
{
	return arena_fmt(mem, "wamid.%s", token_new(mem));
}

const char *hook_text(const char *phone_id, const char *wa_id, const char *name, const char *wamid, const char *text)
{
	return arena_fmt(mem,
	    "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"102290129340398\",\"changes\":[{\"value\":"
	    "{\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":\"553190000001\",\"phone_number_id\":\"%s\"},"
	    "\"contacts\":[{\"profile\":{\"name\":%s},\"wa_id\":\"%s\"}],"
	    "\"messages\":[{\"from\":\"%s\",\"id\":\"%s\",\"timestamp\":\"%s\",\"type\":\"text\",\"text\":{\"body\":%s}}]},"
	    "\"field\":\"messages\"}]}]}",
	    phone_id, json_quoted(name), wa_id, wa_id, wamid, sql("SELECT extract(epoch FROM now())::bigint"), json_quoted(text));
}

bool stub_control(const char *json)
{
	const char *base = world.base;
	struct client *c = client_new("test");
	bool ok;

	world.base = world.stub;
	send_json(c, "POST", "/control", json);
	world.base = base;
	ok = expect_(c->status >= 200 && c->status < 300, __FILE__, __LINE__, "the WhatsApp double refuses %s: %ld %.200s", json, c->status,
	    c->body.n > 0 ? c->body.p : "");
	client_free(c);
	return ok;
}
