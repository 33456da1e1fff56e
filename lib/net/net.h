/*
 * net.h: outgoing HTTP, the only user of libcurl and the only way out.
 *
 * Every address is checked when its socket is about to be opened: only public addresses are called, and
 * only by https on port 443. Hosts on the allow list ("host:port", from BALCAO_EGRESS_ALLOW) are exempt:
 * they may be private, use another port, and plain http. No redirects, no proxies, no cookies.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include <sys/socket.h>
#include "lib/base/arena.h"

/* Once per process, before anything else here. allow: "host:port" separated by commas or spaces, may be NULL; borrowed for ever. */
void net_start(const char *allow, const char *user_agent);
/* Closes what is open. */
void net_stop(void);

struct net_request {
	const char *method;      /* "GET" or "POST" */
	const char *url;
	const char *bearer;      /* Authorization: Bearer ...; NULL: none */
	const char *type;        /* Content-Type of the body */
	const void *body;
	size_t nbody;
	size_t max;              /* most bytes of an answer that are taken; 0: 1 MiB */
	int connect_ms, total_ms; /* 0: 5,000 and 20,000 */
	bool once;               /* must not happen twice: a connection of its own, nothing is ever repeated */
};

enum net_result {
	NET_OK,         /* an answer came, whatever its status */
	NET_NOT_SENT,   /* nothing of the request left: it can be sent again safely */
	NET_UNSURE,     /* it was sent, at least in part, and no whole answer came */
	NET_REFUSED,    /* the guard refused the address, port or protocol */
	NET_TOO_LARGE,  /* the answer was larger than max; status is known */
};

struct net_response {
	int status;
	const char *body;        /* NUL-terminated, in the arena */
	size_t n;
	int retry_after;         /* seconds; 0: not said */
	const char *why;         /* what went wrong, for the log; in the arena */
};

enum net_result net_fetch(struct arena *a, const struct net_request *rq, struct net_response *rs);
const char *net_result_name(enum net_result r);

/* True when the URL's host and port are on the allow list. */
bool net_allowed(const char *url);
/* True for an https URL on port 443 of this host. */
bool net_host_is(const char *url, const char *host);
/* True for an address that belongs to the public internet and to no interface of this machine. */
bool net_address_ok(const struct sockaddr *sa);

#endif
