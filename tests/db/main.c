/*
 * main.c: runs the suites of suites.h, or only those named as arguments, against the database BALCAO_TEST_DB (a
 * conninfo without user). BALCAO_TEST_SUPER is the superuser's name (the operating system's user when it is not set).
 */
#include <CUnit/Basic.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "lib/crypto/crypto.h"
#include "tests/db/dbt.h"

#define SUITE(name) { #name, NULL, NULL, NULL, test_end, name##_tests },
static CU_SuiteInfo all_suites[] = {
#include "tests/db/suites.h"
	CU_SUITE_INFO_NULL
};
#undef SUITE

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
	log_open("db_test", LOG_ERROR);
	signal(SIGPIPE, SIG_IGN);
	crypto_start();
	test_start();
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (CU_basic_run_tests() != CUE_SUCCESS)
		return 2;
	ok = CU_get_number_of_tests_run() > 0 && CU_get_number_of_failures() == 0 &&
	    CU_get_number_of_suites_failed() == 0 && CU_get_number_of_tests_failed() == 0;
	CU_cleanup_registry();
	test_stop();
	return ok ? 0 : 1;
}
