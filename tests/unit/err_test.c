#include "lib/base/base.h"

#include <string.h>

#include "tests/unit/unit.h"

static void statuses(void)
{
	IS_INT("ok", err_status(OK), 200);
	IS_INT("invalid", err_status(E_INVALID), 422);
	IS_INT("syntax", err_status(E_SYNTAX), 400);
	IS_INT("notfound", err_status(E_NOTFOUND), 404);
	IS_INT("needmatch", err_status(E_NEEDMATCH), 428);
	IS_INT("busy", err_status(E_BUSY), 503);
	IS_INT("not a code", err_status((enum err)999), 500);
}

static void names_are_complete_and_distinct(void)
{
	for (int i = 0; i < ERR_COUNT; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(err_name((enum err)i));
		CU_ASSERT(err_status((enum err)i) >= 200);
		for (int j = 0; j < i; j++)
			CU_ASSERT_STRING_NOT_EQUAL(err_name((enum err)i), err_name((enum err)j));
	}
	IS_STR("notfound", err_name(E_NOTFOUND), "notfound");
	IS_STR("not a code", err_name((enum err)-1), "internal");
}

static enum err tries(enum err e)
{
	TRY(e);
	return E_RATE;
}

static void try_returns_early(void)
{
	IS_INT("error", tries(E_BUSY), E_BUSY);
	IS_INT("ok", tries(OK), E_RATE);
}

static void call_die(void *p)
{
	die("%s", (const char *)p);
}

static void die_ends_the_process(void)
{
	char why[] = "a test";

	CU_ASSERT(unit_dies(call_die, why));
}

CU_TestInfo err_tests[] = {
	{ "HTTP statuses", statuses },
	{ "names are complete and distinct", names_are_complete_and_distinct },
	{ "TRY returns early", try_returns_early },
	{ "die ends the process", die_ends_the_process },
	CU_TEST_INFO_NULL
};
