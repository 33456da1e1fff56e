#include "cgi/hooks/hooks.h"

int main(int argc, char **argv)
{
	return app_main(argc, argv, &hooks_app);
}
