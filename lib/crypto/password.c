#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "lib/crypto/crypto.h"

enum { OPS = 2, MEMORY = 64 * 1024 * 1024, PASSWORD_MAX = 1024 /* bytes */ };

char *password_hash(struct arena *a, const char *password)
{
	char *out;

	if (password == NULL || strlen(password) > PASSWORD_MAX)
		return NULL;
	out = arena_alloc(a, crypto_pwhash_STRBYTES);
	if (crypto_pwhash_str(out, password, strlen(password), OPS, MEMORY) != 0)
		die("crypto: out of memory for a password hash");
	return out;
}

bool password_verify(const char *hash, const char *password)
{
	/* Of a random password that nobody kept, with the parameters above. */
	static const char dummy[] = "$argon2id$v=19$m=65536,t=2,p=1$6kK0PdArrRAoE8z+pSH7Lg"
	    "$Ns9/22nJS58acr1Tmv7bSxtBISN6hDQ+wHwH4izs1GI";
	bool same;

	if (password == NULL || strlen(password) > PASSWORD_MAX)
		return false;
	errno = 0;
	same = crypto_pwhash_str_verify(hash != NULL ? hash : dummy, password, strlen(password)) == 0;
	if (!same && errno == ENOMEM)
		die("crypto: out of memory for a password hash");
	return same && hash != NULL;
}
