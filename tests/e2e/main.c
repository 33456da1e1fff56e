/* main.c: runs the end-to-end suites of suites.h against the world of the environment, or only those named. */
#include <CUnit/Basic.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "tests/e2e/world.h"

#define SUITE(name) extern CU_TestInfo name##_tests[];
#include "tests/e2e/suites.h"
#undef SUITE

static void before(void)
{
	throttle_forget();
}

static void after(void)
{
	arena_reset(mem);
}

#define SUITE(name) { #name, NULL, NULL, before, after, name##_tests },
static CU_SuiteInfo all_suites[] = {
#include "tests/e2e/suites.h"
	CU_SUITE_INFO_NULL
};
#undef SUITE

static bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc < 2;
}

int main(int argc, char **argv)
{
	bool ok;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (CU_initialize_registry() != CUE_SUCCESS || curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return 2;
	world_open();
	for (CU_SuiteInfo *s = all_suites; s->pName != NULL; s++) {
		CU_SuiteInfo one[] = { *s, CU_SUITE_INFO_NULL };

		if (wanted(s->pName, argc, argv) && CU_register_suites(one) != CUE_SUCCESS)
			return 2;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS)
		return 2;
	ok = CU_get_number_of_tests_run() > 0 && CU_get_number_of_failures() == 0 && CU_get_number_of_tests_failed() == 0;
	CU_cleanup_registry();
	jobs_resume();
	world_close();
	curl_global_cleanup();
	return ok ? 0 : 1;
}
