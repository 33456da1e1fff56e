/*
 * unit.h: what a unit test file needs. It defines one table, ended by CU_TEST_INFO_NULL:
 *
 *   CU_TestInfo x_tests[] = { { "what holds", a_function }, CU_TEST_INFO_NULL };
 *
 * and has its line in suites.h. Assertions are CUnit's, and the ones below, which also tell what came.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUITE(name) extern CU_TestInfo name##_tests[];
#include "tests/unit/suites.h"
#undef SUITE

/* Asserts equal texts (NULL equals only NULL); label names the row of a table test, or is "". */
#define IS_STR(label, got, want) unit_str((got), (want), (label), __FILE__, __LINE__)
#define IS_INT(label, got, want) unit_int((int64_t)(got), (int64_t)(want), (label), __FILE__, __LINE__)
#define IS_TRUE(label, cond) unit_true((cond), #cond, (label), __FILE__, __LINE__)

void unit_str(const char *got, const char *want, const char *label, const char *file, unsigned line);
void unit_int(int64_t got, int64_t want, const char *label, const char *file, unsigned line);
void unit_true(bool cond, const char *text, const char *label, const char *file, unsigned line);

/*
 * Runs fn(p) with fd (1 or 2) going to a temporary file; returns what was written, in malloc'd
 * memory, NUL-terminated. For functions that print.
 */
char *unit_capture(int fd, void (*fn)(void *), void *p);
/* Runs fn(p) in a child with stderr closed away; true when the child ended by a signal. For die. */
bool unit_dies(void (*fn)(void *), void *p);

#endif
