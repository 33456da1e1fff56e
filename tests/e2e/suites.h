/* suites.h: the suites in the order in which they run; those that break things come last. */
SUITE(api)
SUITE(matrix)
