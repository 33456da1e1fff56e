/* world.h: the two tenants of the tests. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

/* Makes alfa and beta in memory that T points to; ends the program when it cannot. */
void world_make(void);

#endif
