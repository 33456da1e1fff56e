/* main.c: options, start and end of the double. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <getopt.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/text.h"
#include "lib/crypto/crypto.h"
#include "tests/stub/stub.h"

static const char usage_text[] =
	"usage: balcao-graph-stub --secret APP_SECRET (--token TOKEN | --phone ID:TOKEN[:WEBHOOK])... "
	"[options]\n"
	"  --listen ADDRESS:PORT     loopback only; port 0 takes a free one (127.0.0.1:9080)\n"
	"  --token TOKEN             accepted for every number; without --phone there is 106540352242922\n"
	"  --phone ID:TOKEN[:URL]    a number, its token (may be empty with --token) and its own webhook\n"
	"  --waba ID                 account of the --phone options that follow (102290129340398)\n"
	"  --secret TEXT             app secret: signs the webhooks\n"
	"  --webhook URL             where webhooks go: http on loopback\n"
	"  --journal FILE            one JSON line per request, on disk before the answer\n"
	"  --status-delay-ms A,B,C   sent, delivered, read after so many ms (300,900,2500)\n"
	"  --no-statuses             no status webhooks\n"
	"  --media-dir DIR           keeps uploads; files ID.ext there are media from the start\n"
	"  --old-wa-id NUMBER        this Brazilian mobile has an eight-digit WhatsApp id\n"
	"  --control-secret TEXT     /control wants it in X-Control-Secret\n"
	"  --demo                    one answer per recipient, 4 s after the first text\n"
	"  --seed N                  repeatable ids and shuffles\n";

NORETURN static void usage(const char *what)
{
	fprintf(stderr, "balcao-graph-stub: %s\n%s", what, usage_text);
	exit(2);
}

static bool loopback_url(const char *url)
{
	char *host = NULL, *scheme = NULL;
	CURLU *u = curl_url();
	bool ok = utf8_ok(url, strlen(url)) && u && !curl_url_set(u, CURLUPART_URL, url, 0)
		&& !curl_url_get(u, CURLUPART_HOST, &host, 0)
		&& !curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) && !strcmp(scheme, "http")
		&& (!strcmp(host, "localhost") || !strcmp(host, "[::1]")
			|| (text_starts(host, "127.") && strspn(host, "0123456789.") == strlen(host)));

	curl_free(host);
	curl_free(scheme);
	curl_url_cleanup(u);
	return ok;
}

const char *phone_add(
	struct stub *st, const char *id, const char *token, const char *webhook, const char *waba)
{
	size_t n = id ? strspn(id, "0123456789") : 0;
	uint64_t h;
	json_t *p;

	if (n < 5 || n > 20 || id[n])
		return "a phone needs an id of 5 to 20 digits";
	if (token && !utf8_ok(token, strlen(token)))
		return "the token is not text";
	if (webhook && !loopback_url(webhook))
		return "a webhook must be http on loopback";
	if (!waba)
		waba = "102290129340398";
	h = text_hash(id);
	p = must(json_pack("{s:s,s:o}", "waba", waba, "display", must(json_sprintf("+55 31 9%04u-%04u",
		(unsigned)(h % 2000 + 8000), (unsigned)(h / 2000 % 10000)))));
	if (token && *token)
		json_object_set_new(p, "token", must(json_string(token)));
	if (webhook)
		json_object_set_new(p, "webhook", must(json_string(webhook)));
	json_object_set_new(st->phones, id, p);
	return NULL;
}

static void option_phone(struct stub *st, char *s, const char *waba)
{
	char *token = strchr(s, ':'), *url = token ? strchr(token + 1, ':') : NULL;
	const char *why;

	if (!token)
		usage("--phone needs ID:TOKEN");
	*token++ = 0;
	if (url)
		*url++ = 0;
	why = phone_add(st, s, token, url && *url ? url : NULL, waba);
	if (why)
		usage(why);
}

static void option_listen(struct stub *st, const char *s)
{
	const char *colon = strrchr(s, ':');
	struct in_addr a;
	int64_t port;

	if (!colon || (size_t)(colon - s) >= sizeof st->host || !parse_i64(colon + 1, 0, 65535, &port))
		usage("--listen needs ADDRESS:PORT");
	memset(st->host, 0, sizeof st->host);
	memcpy(st->host, s, (size_t)(colon - s));
	if (!strcmp(st->host, "localhost"))
		memcpy(st->host, "127.0.0.1", 10);
	if (strcmp(st->host, "[::1]") != 0
		&& (inet_pton(AF_INET, st->host, &a) != 1 || ntohl(a.s_addr) >> 24 != 127))
		usage("--listen takes loopback addresses only");
	st->port = (unsigned)port;
}

static void option_steps(struct stub *st, const char *s)
{
	long long a, b, c;
	char end;

	if (sscanf(s, "%lld,%lld,%lld%c", &a, &b, &c, &end) != 3 || a < 0 || b < 0 || c < 0)
		usage("--status-delay-ms needs three numbers");
	st->config_step_ms[0] = a;
	st->config_step_ms[1] = b;
	st->config_step_ms[2] = c;
}

static void option_old(struct stub *st, const char *s)
{
	s += *s == '+';
	if (strlen(s) != 13 || strspn(s, "0123456789") != 13 || !text_starts(s, "55") || s[4] != '9')
		usage("--old-wa-id needs a Brazilian mobile with the ninth digit: 5531912345678");
	json_object_set_new(st->config_old_wa, s, json_true());
}

enum {
	LISTEN = 256,
	TOKEN,
	PHONE,
	WABA,
	SECRET,
	WEBHOOK,
	JOURNAL,
	STEPS,
	QUIET,
	MEDIA,
	OLD,
	CONTROL,
	DEMO,
	SEED,
	HELP
};

static const struct option options[] = {
	{ "listen", 1, NULL, LISTEN },
	{ "token", 1, NULL, TOKEN },
	{ "phone", 1, NULL, PHONE },
	{ "waba", 1, NULL, WABA },
	{ "secret", 1, NULL, SECRET },
	{ "webhook", 1, NULL, WEBHOOK },
	{ "journal", 1, NULL, JOURNAL },
	{ "status-delay-ms", 1, NULL, STEPS },
	{ "no-statuses", 0, NULL, QUIET },
	{ "media-dir", 1, NULL, MEDIA },
	{ "old-wa-id", 1, NULL, OLD },
	{ "control-secret", 1, NULL, CONTROL },
	{ "demo", 0, NULL, DEMO },
	{ "seed", 1, NULL, SEED },
	{ "help", 0, NULL, HELP },
	{ NULL, 0, NULL, 0 },
};

struct extra {
	const char *journal, *waba;
};

static void option_text(struct stub *st, struct extra *x, int opt)
{
	if (!utf8_ok(optarg, strlen(optarg)) || !*optarg)
		usage("an option is empty or not UTF-8");
	switch (opt) {
	case TOKEN: json_array_append_new(st->tokens, must(json_string(optarg))); break;
	case WABA: x->waba = optarg; break;
	case SECRET: st->secret = optarg; break;
	case WEBHOOK: st->webhook = optarg; break;
	case JOURNAL: x->journal = optarg; break;
	case MEDIA: st->media_dir = optarg; break;
	default: st->control_secret = optarg; break;
	}
}

static void option(struct stub *st, struct extra *x, int opt)
{
	int64_t n;

	switch (opt) {
	case LISTEN: option_listen(st, optarg); break;
	case PHONE: option_phone(st, optarg, x->waba); break;
	case STEPS: option_steps(st, optarg); break;
	case QUIET: st->default_statuses = false; break;
	case OLD: option_old(st, optarg); break;
	case DEMO: st->demo = true; break;
	case SEED:
		if (!parse_i64(optarg, INT64_MIN, INT64_MAX, &n))
			usage("--seed needs a number");
		st->seed = (uint64_t)n;
		break;
	case HELP: fputs(usage_text, stdout); exit(0);
	case '?': usage("unknown option");
	default: option_text(st, x, opt); break;
	}
}

static void setup(struct stub *st, int argc, char **argv)
{
	struct extra x = { 0 };
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		option(st, &x, opt);
	if (optind < argc)
		usage("no other arguments");
	if (!st->secret)
		usage("--secret is needed");
	if (st->webhook && !loopback_url(st->webhook))
		usage("--webhook must be http on loopback");
	if (!json_object_size(st->phones) && !json_array_size(st->tokens))
		usage("--token or --phone is needed");
	if (!json_object_size(st->phones))
		phone_add(st, "106540352242922", NULL, NULL, x.waba);
	st->journal = journal_open(x.journal);
	/* ids must differ from those before a restart, and yet repeat for the same seed and history */
	st->serial = journal_lines(st->journal);
	st->seed += st->serial * 0x2545f4914f6cdd1du;
	if (st->demo)
		journal_replied(st->journal, st->replied);
}

static void stub_init(struct stub *st)
{
	json_t **objects[] = { &st->phones, &st->config_old_wa, &st->old_wa, &st->names, &st->replied,
		&st->doomed, &st->rates, &st->served };
	json_t **arrays[] = { &st->tokens, &st->templates, &st->faults, &st->sink };

	for (size_t i = 0; i < nitems(objects); i++)
		*objects[i] = must(json_object());
	for (size_t i = 0; i < nitems(arrays); i++)
		*arrays[i] = must(json_array());
	memcpy(st->host, "127.0.0.1", 10);
	st->port = 9080;
	st->default_statuses = true;
	st->config_step_ms[0] = 300;
	st->config_step_ms[1] = 900;
	st->config_step_ms[2] = 2500;
	random_bytes(&st->seed, sizeof st->seed);
	random_bytes(st->url_key, sizeof st->url_key);
	pthread_mutex_init(&st->lock, NULL);
	pthread_cond_init(&st->stop_cond, NULL);
}

static void stub_free(struct stub *st)
{
	json_t *all[] = { st->phones, st->config_old_wa, st->old_wa, st->names, st->replied, st->doomed,
		st->rates, st->served, st->tokens, st->templates, st->faults, st->sink };

	for (size_t i = 0; i < nitems(all); i++)
		json_decref(all[i]);
	media_reset(st);
	journal_close(st->journal);
	pthread_cond_destroy(&st->stop_cond);
	pthread_mutex_destroy(&st->lock);
}

static void stop(struct stub *st, struct MHD_Daemon *d)
{
	LOG(LOG_INFO, "stop", "webhooks_pending", log_i((int64_t)st->pending), NULL);
	pthread_mutex_lock(&st->lock);
	st->stopping = true;
	pthread_cond_broadcast(&st->stop_cond);
	pthread_mutex_unlock(&st->lock);
	MHD_stop_daemon(d);
	hooks_stop(st->hooks);
	stub_free(st);
	curl_global_cleanup();
}

int main(int argc, char **argv)
{
	static struct stub st;
	struct MHD_Daemon *d;
	sigset_t set;
	int sig;

	log_open("graph-stub", LOG_INFO);
	crypto_start();
	json_object_seed(0);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sigdelset(&set, SIGPIPE);
	stub_init(&st);
	setup(&st, argc, argv);
	control_reset(&st);
	media_builtin(&st);
	media_read_dir(&st);
	st.hooks = hooks_start(&st);
	d = http_start(&st);
	if (!d)
		die("cannot listen on %s:%u", st.host, st.port);
	LOG(LOG_INFO, "listening", "host", st.host, "port", log_i(st.port), NULL);
	sigwait(&set, &sig);
	stop(&st, d);
	return 0;
}
