#include "model/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/crypto/crypto.h"

bool store_name_ok(const char *name)
{
	return name != NULL && strlen(name) == 67 && name[2] == '/' && strspn(name, "0123456789abcdef") == 2 &&
	    strspn(name + 3, "0123456789abcdef") == 64;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno != EINTR)
			return false;
		p += w > 0 ? w : 0;
		n -= w > 0 ? (size_t)w : 0;
	}
	return fsync(fd) == 0;
}

/* The name in its folder must be on disk as well. */
static bool sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

char *store_put(struct arena *a, const char *root, const void *p, size_t n)
{
	uint8_t random[32];
	char *hex, *folder, *path, *temp;
	bool ok;
	int fd;

	random_bytes(random, sizeof(random));
	hex = hex_encode(a, random, sizeof(random));
	folder = arena_fmt(a, "%s/%.2s", root, hex);
	path = arena_fmt(a, "%s/%s", folder, hex);
	temp = arena_fmt(a, "%s/.%s", folder, hex);
	if (mkdir(folder, 0750) == 0)
		ok = sync_folder(root);
	else
		ok = errno == EEXIST;
	fd = ok ? open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640) : -1;
	if (fd < 0)
		return NULL;
	ok = write_all(fd, p, n);
	ok = close(fd) == 0 && ok;
	if (!ok || rename(temp, path) != 0 || !sync_folder(folder)) {
		int e = errno;

		unlink(temp);
		unlink(path);
		errno = e;
		return NULL;
	}
	return arena_fmt(a, "%.2s/%s", hex, hex);
}

void store_drop(const char *root, const char *name)
{
	char path[4096];

	if (store_name_ok(name) && snprintf(path, sizeof(path), "%s/%s", root, name) < (int)sizeof(path))
		unlink(path);
}

void *store_get(struct arena *a, const char *root, const char *name, size_t max, size_t *n)
{
	struct stat st;
	char *p = NULL;
	size_t got = 0;
	int fd;

	if (!store_name_ok(name))
		return NULL;
	fd = open(arena_fmt(a, "%s/%s", root, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0 && (size_t)st.st_size <= max) {
		*n = (size_t)st.st_size;
		p = arena_alloc(a, *n + 1);
		while (got < *n) {
			ssize_t r = read(fd, p + got, *n - got);

			if (r <= 0 && !(r < 0 && errno == EINTR))
				break;
			got += r > 0 ? (size_t)r : 0;
		}
	}
	close(fd);
	return p != NULL && got == *n ? p : NULL;
}
