/* net_internal.h: shared by the files of lib/net only. */
#ifndef NET_NET_INTERNAL_H
#define NET_NET_INTERNAL_H

#include "lib/net/net.h"

/* guard.c */
struct net_place { char *scheme, *host, *port; }; /* parts of a URL, in the arena */
bool net_place_of(struct arena *a, const char *url, struct net_place *out);
bool net_place_allowed(const struct net_place *p);
void net_allow(const char *list);

#endif
