/* main.c: runs the suites of suites.h, or only those named as arguments; CUnit prints the summary. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define SUITE(name) { #name, NULL, NULL, NULL, NULL, name##_tests },
static CU_SuiteInfo all_suites[] = {
#include "tests/unit/suites.h"
	CU_SUITE_INFO_NULL
};
#undef SUITE

static void note(bool ok, const char *text, const char *file, unsigned line)
{
	CU_assertImplementation(ok ? CU_TRUE : CU_FALSE, line, text, file, "", CU_FALSE);
}

void unit_str(const char *got, const char *want, const char *label, const char *file, unsigned line)
{
	bool ok = got != NULL && want != NULL ? strcmp(got, want) == 0 : got == want;
	char text[1024];

	snprintf(text, sizeof(text), "%s: got [%s], want [%s]", label, got != NULL ? got : "NULL",
	    want != NULL ? want : "NULL");
	note(ok, text, file, line);
}

void unit_int(int64_t got, int64_t want, const char *label, const char *file, unsigned line)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: got %lld, want %lld", label, (long long)got, (long long)want);
	note(got == want, text, file, line);
}

void unit_true(bool cond, const char *text, const char *label, const char *file, unsigned line)
{
	char full[512];

	snprintf(full, sizeof(full), "%s: %s", label, text);
	note(cond, full, file, line);
}

static char *read_all(FILE *f)
{
	long n = ftell(f);
	char *text = calloc(1, n > 0 ? (size_t)n + 1 : 1);

	if (text == NULL || n < 0)
		abort();
	rewind(f);
	if (fread(text, 1, (size_t)n, f) != (size_t)n)
		abort();
	return text;
}

char *unit_capture(int fd, void (*fn)(void *), void *p)
{
	FILE *f = tmpfile();
	int kept = dup(fd);
	char *text;

	if (f == NULL || kept < 0)
		abort();
	fflush(NULL);
	dup2(fileno(f), fd);
	fn(p);
	fflush(NULL);
	dup2(kept, fd);
	close(kept);
	fseek(f, 0, SEEK_END);
	text = read_all(f);
	fclose(f);
	return text;
}

bool unit_dies(void (*fn)(void *), void *p)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		fn(p);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status);
}

static bool wanted(const char *name, int argc, char **argv)
{
	if (argc < 2)
		return true;
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	bool ok;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 2;
	for (CU_SuiteInfo *s = all_suites; s->pName != NULL; s++) {
		CU_SuiteInfo one[] = { *s, CU_SUITE_INFO_NULL };

		if (wanted(s->pName, argc, argv) && CU_register_suites(one) != CUE_SUCCESS)
			return 2;
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (CU_basic_run_tests() != CUE_SUCCESS)
		return 2;
	ok = CU_get_number_of_tests_run() > 0 && CU_get_number_of_failures() == 0 &&
	    CU_get_number_of_suites_failed() == 0 && CU_get_number_of_tests_failed() == 0;
	CU_cleanup_registry();
	return ok ? 0 : 1;
}
