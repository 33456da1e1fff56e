/* hooks.h: the door for providers. */
#ifndef CGI_HOOKS_HOOKS_H
#define CGI_HOOKS_HOOKS_H

#include "lib/http/http.h"

extern const struct app hooks_app;

handler whatsapp_verify, whatsapp_receive;

/* True when header is "sha256=" and the hex HMAC-SHA256 of the n bytes at body under key. Constant time. */
bool hook_signature_ok(const char *header, const char *key, const void *body, size_t n);

#endif
