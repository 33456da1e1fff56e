#include <arpa/inet.h>
#include <curl/curl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/net/net_internal.h"

static const char *allow_list = "";

void net_allow(const char *list)
{
	allow_list = list != NULL ? list : "";
}

/* ---- addresses ---- */

/* What is not the public internet (IANA's special-purpose registries). */
static bool v4_public(uint32_t ip)
{
	static const struct { uint32_t net; int bits; } no[] = {
		{ 0x00000000, 8 }, { 0x0A000000, 8 }, { 0x64400000, 10 }, { 0x7F000000, 8 }, { 0xA9FE0000, 16 },
		{ 0xAC100000, 12 }, { 0xC0000000, 24 }, { 0xC0000200, 24 }, { 0xC0586300, 24 }, { 0xC0A80000, 16 },
		{ 0xC6120000, 15 }, { 0xC6336400, 24 }, { 0xCB007100, 24 }, { 0xE0000000, 4 }, { 0xF0000000, 4 },
	};

	for (size_t i = 0; i < nitems(no); i++)
		if ((ip ^ no[i].net) >> (32 - no[i].bits) == 0)
			return false;
	return true;
}

static uint32_t word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Only 2000::/3, without 2001::/23 (Teredo and such), documentation and 6to4; mapped IPv4 by its own rules. */
static bool v6_public(const uint8_t *p)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

	if (memcmp(p, mapped, 12) == 0)
		return v4_public(word(p + 12));
	if ((p[0] & 0xE0) != 0x20)
		return false;
	if (word(p) >> 9 == 0x20010000u >> 9 || word(p) == 0x20010DB8 || word(p) >> 16 == 0x2002)
		return false;
	return word(p) >> 12 != 0x3FFF0000u >> 12; /* 3fff::/20, documentation */
}

static bool same_address(const struct sockaddr *x, const struct sockaddr *y)
{
	if (x->sa_family != y->sa_family)
		return false;
	if (x->sa_family == AF_INET)
		return ((const struct sockaddr_in *)(const void *)x)->sin_addr.s_addr ==
		    ((const struct sockaddr_in *)(const void *)y)->sin_addr.s_addr;
	return memcmp(&((const struct sockaddr_in6 *)(const void *)x)->sin6_addr,
	    &((const struct sockaddr_in6 *)(const void *)y)->sin6_addr, 16) == 0;
}

/* Our own public address is inside as well. */
static bool is_own(const struct sockaddr *sa)
{
	struct ifaddrs *all, *i;
	bool own = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (i = all; i != NULL && !own; i = i->ifa_next)
		own = i->ifa_addr != NULL && same_address(i->ifa_addr, sa);
	freeifaddrs(all);
	return own;
}

bool net_address_ok(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET) {
		if (!v4_public(ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr)))
			return false;
	} else if (sa->sa_family == AF_INET6) {
		if (!v6_public(((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr.s6_addr))
			return false;
	} else {
		return false;
	}
	return !is_own(sa);
}

/* ---- places ---- */

static char *part(struct arena *a, CURLU *u, CURLUPart what)
{
	char *s = NULL, *out;

	if (curl_url_get(u, what, &s, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return NULL;
	out = arena_str(a, s);
	curl_free(s);
	return out;
}

/* Read by the parser that will also make the connection; user names in URLs are refused. */
bool net_place_of(struct arena *a, const char *url, struct net_place *out)
{
	CURLU *u = curl_url();
	bool ok = u != NULL && curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK;

	if (ok) {
		out->scheme = part(a, u, CURLUPART_SCHEME);
		out->host = part(a, u, CURLUPART_HOST);
		out->port = part(a, u, CURLUPART_PORT);
		ok = out->scheme != NULL && out->host != NULL && out->port != NULL;
	}
	curl_url_cleanup(u);
	return ok;
}

bool net_place_allowed(const struct net_place *p)
{
	char want[320];
	size_t n;

	if (snprintf(want, sizeof(want), "%s:%s", p->host, p->port) >= (int)sizeof(want))
		return false;
	for (const char *s = allow_list; *s != '\0'; s += n) {
		s += strspn(s, ", ");
		n = strcspn(s, ", ");
		if (n == strlen(want) && strncasecmp(s, want, n) == 0)
			return true;
	}
	return false;
}

bool net_allowed(const char *url)
{
	struct arena *a = arena_new();
	struct net_place p;
	bool ok = net_place_of(a, url, &p) && net_place_allowed(&p);

	arena_free(a);
	return ok;
}

bool net_host_is(const char *url, const char *host)
{
	struct arena *a = arena_new();
	struct net_place p;
	bool ok = net_place_of(a, url, &p) && strcasecmp(p.host, host) == 0 && strcmp(p.scheme, "https") == 0 &&
	    strcmp(p.port, "443") == 0;

	arena_free(a);
	return ok;
}
